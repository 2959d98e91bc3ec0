import { hours, minutes } from '../../src/lib/clock.ts'
import { type Certificate, certCovers } from '../../src/rules/permits/certificates.ts'
import { conflictsBetween, type Occupancy } from '../../src/rules/permits/exclusions.ts'
import { judge } from '../../src/rules/permits/gas.ts'
import { type GasMoment, gasNeeds, gasVerdict, type Sample } from '../../src/rules/permits/gas-window.ts'
import { levelById, levelOf, ticketNeeded } from '../../src/rules/permits/level.ts'
import type { GasRules, WorkRules, WorkType } from '../../src/rules/permits/rule-pack.ts'
import { exclusionsFor } from '../../src/rules/permits/site-exclusions.ts'
import type { GasUnit } from '../../src/rules/permits/substances.ts'
import { highestNode, upgradeOf } from '../../src/rules/permits/upgrade.ts'
import { weatherFor } from '../../src/rules/permits/weather.ts'
import { cell, claim, factsOf, idOf, type Row, rulesOf, wordOf } from './permit-golden-kit.ts'

/** What the engines say of a row, in the words of its columns. */
export type Said = { readonly 期望: string; readonly 条款: string; readonly 理由?: string }
const said = (expected: string, clause = '-'): Said => ({ 期望: expected, 条款: clause })

const zone = 'Asia/Shanghai'
const local = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const noon = local('2026-11-24 12:00')
const ago = (minutesAgo: number, from = noon): string => new Date(from.getTime() - minutes(minutesAgo)).toISOString()

export const workOf = (row: Row, column = '作业'): WorkType => idOf('作业', cell(row, column)) as WorkType
const gasOf = ({ gas, name }: WorkRules): GasRules => {
  if (!gas) throw new Error(`${name} tests no gas`)
  return gas
}

export const level = (row: Row): Said => {
  const rules = rulesOf(row, workOf(row))
  const facts = factsOf(rules, cell(row, '条件'))
  const need = ticketNeeded(rules, facts)
  if (need.kind === 'notNeeded') return said('不办票', need.clause)
  const found = levelOf(rules, facts)
  if (need.kind === 'missing' || found.kind === 'missing') return said('追问')
  return found.kind === 'found' ? said(wordOf('级别', found.level), found.clause) : said('无级别')
}

export const validity = (row: Row): Said => {
  const { most, clause } = levelById(rulesOf(row, workOf(row)), idOf('级别', cell(row, '级别'))).validity
  return said(hours(Number(cell(row, '小时'))) <= most ? '准' : '拒', clause)
}

const reasons: Readonly<Record<string, string>> = { night: '夜间', restDay: '公休日', holiday: '节假日', windForce: '五级风' }
export const upgrade = (row: Row): Said => {
  const wind = cell(row, '风力')
  const found = upgradeOf(rulesOf(row, 'hot'), idOf('级别', cell(row, '级别')), {
    period: { from: local(cell(row, '开始')).toISOString(), to: local(cell(row, '结束')).toISOString() },
    timeZone: zone,
    outdoors: claim(cell(row, '露天')),
    windForce: wind === '' ? null : Number(wind),
    unavoidable: claim(cell(row, '确需')),
  })
  if (found.kind === 'asIs') return { ...said('不升级'), 理由: '-' }
  if (found.kind === 'unknown') return { ...said('追问'), 理由: '-' }
  if (found.kind === 'forbidden') return { ...said('禁止', found.because.clause), 理由: reasons[found.because.on] ?? '' }
  const [first] = found.because
  const more = found.level.chain.some(({ id }) => id === highestNode.id) ? '加签' : ''
  return { ...said(`${wordOf('级别', found.level.id)}${more}`, first?.clause), 理由: reasons[first?.on ?? ''] ?? '' }
}

export const gas = (row: Row): Said => {
  const rules = rulesOf(row, workOf(row))
  const value = cell(row, '数值')
  const judged = judge(gasOf(rules), factsOf(rules, cell(row, '条件')), {
    kind: idOf('检测', cell(row, '检测')) as Sample['kind'],
    substance: cell(row, '物质'),
    value: value === '' ? null : Number(value),
    unit: cell(row, '单位') as GasUnit,
  })
  if (judged.kind === 'refused') return said('拒绝判定')
  return judged.kind === 'unlimited' ? said('不作限制') : said(judged.passed ? '合格' : '不合格', judged.clause)
}

const harmless = {
  combustible: { substance: 'methane', value: 0.1, unit: 'vol%' },
  oxygen: { substance: 'oxygen', value: 20.9, unit: 'vol%' },
  toxic: { substance: 'H2S', value: 0, unit: 'mg/m3' },
} as const

type Times = { readonly sampled: string } & Partial<Pick<GasMoment, 'workingSince' | 'stoppedAt' | 'at'>> & {
    readonly due?: string
    readonly skip?: number
  }
const midnight = local('2026-11-25 00:00')
const times: Readonly<Record<string, (n: number) => Times>> = {
  采样到开始: (n) => ({ sampled: ago(n) }),
  录入时间: (n) => ({ sampled: ago(n) }),
  中断: (n) => ({ sampled: ago(n + 12), workingSince: ago(n + 10), stoppedAt: ago(n) }),
  距上次记录: (n) => ({ sampled: ago(n), workingSince: ago(n) }),
  隔日未重测: (n) => ({
    sampled: ago(480, midnight),
    workingSince: ago(475, midnight),
    at: new Date(midnight.getTime() + minutes(n)),
  }),
  仪器校准到期当日: (n) => ({ sampled: ago(n), due: '2026-11-24' }),
  仪器校准到期次日: (n) => ({ sampled: ago(n), due: '2026-11-23' }),
  缺一个采样点: (n) => ({ sampled: ago(n), skip: 1 }),
}

export const gasTime = (row: Row): Said => {
  const rules = rulesOf(row, workOf(row))
  const facts = factsOf(rules, rules.work === 'hot' ? '动火部位=开阔处' : '')
  const {
    sampled,
    due = '2027-11-01',
    skip = 0,
    ...moment
  } = times[cell(row, '情形')]?.(Number(cell(row, '分钟'))) ?? { sampled: '' }
  const needs = gasNeeds(gasOf(rules), facts)
  if (needs.kind !== 'needs') throw new Error(`${row.编号}: ${JSON.stringify(needs)}`)
  const samples = needs.needs
    .slice(skip)
    .map(({ kind, point }): Sample => ({ ...harmless[kind], kind, point, sampledAt: sampled, calibrationDue: due }))
  const levelId = idOf('级别', cell(row, '级别'))
  const verdict = gasVerdict(gasOf(rules), {
    samples,
    facts,
    level: levelId,
    workingSince: null,
    stoppedAt: null,
    at: noon,
    timeZone: zone,
    ...moment,
  })
  return verdict.kind === 'valid' ? said('准') : said('拒', verdict.problems[0]?.clause)
}

const perDegree = (6_371_008.8 * Math.PI) / 180
const together: Readonly<Record<string, (place: Occupancy['place']) => Occupancy['place']>> = {
  管线: (place) => ({ ...place, line: 'P-101' }),
  区域: (place) => ({ ...place, area: '罐区' }),
  空间: (place) => ({ ...place, space: 'R-201' }),
}
const occupancyOf = (row: Row, side: '甲' | '乙'): Occupancy => {
  const [isFirst, name] = [side === '甲', cell(row, side)]
  const metres = isFirst ? 0 : Number(cell(row, '米'))
  const place = {
    lat: 31.2 + metres / perDegree,
    lng: 121.4,
    area: side,
    level: isFirst ? 0 : Number(cell(row, '高差')),
    line: null,
    space: null,
  }
  const shared = {
    permit: side,
    place: together[cell(row, '同处')]?.(place) ?? place,
    period: { from: ago(0), to: null },
    job: cell(row, '同一工作') === '是' ? '一项' : side,
  }
  const isWork = ['动火', '受限空间', '盲板抽堵', '高处', '吊装', '动土'].includes(name)
  if (!isWork) return { ...shared, work: 'activity', activities: [idOf('活动', name)], answers: {} }
  const rules = rulesOf(row, workOf(row, side))
  return { ...shared, work: rules.work, activities: [], answers: factsOf(rules, cell(row, `${side}条件`)) }
}

const outcomes = { forbid: '禁止', coordinate: '协调' } as const
export const conflict = (row: Row): Said => {
  const [first] = conflictsBetween(exclusionsFor('hazchem', null), occupancyOf(row, '甲'), occupancyOf(row, '乙'))
  return first ? said(outcomes[first.exclusion.outcome], first.exclusion.clause) : said('无')
}

const faults: Readonly<Record<string, string>> = {
  expired: '已过期',
  reviewMissed: '未复审',
  offTrade: '离岗六个月',
  unfit: '健康不符',
  fitnessUnknown: '健康未知',
  suspended: '已暂扣',
  otherTrade: '准操项目不符',
  none: '无证',
  notYetValid: '未生效',
}
const healths: Readonly<Record<string, Certificate['health']>> = {
  合格: { fit: true, until: '2027-12-31' },
  禁忌: { fit: false, until: '2027-12-31' },
  未知: null,
}
export const certificate = (row: Row): Said => {
  const date = (column: string): string | null => (cell(row, column) === '' ? null : cell(row, column))
  const held: Certificate = {
    id: cell(row, '编号'),
    trade: idOf('证书', cell(row, '持证')),
    issuedOn: cell(row, '发证'),
    validUntil: cell(row, '有效期至'),
    reviewDue: date('复审期限'),
    reviewedOn: null,
    suspended: cell(row, '状态') === '暂扣',
    lastPractisedOn: date('最近从业'),
    health: healths[cell(row, '健康')] ?? null,
  }
  const found = certCovers([held], idOf('证书', cell(row, '需要')), cell(row, '日期'))
  return found.kind === 'covered' ? said('可') : said(faults[found.because] ?? found.because, found.clause.clause)
}

export const weather = (row: Row): Said => {
  const number = (column: string): number | null => (cell(row, column) === '' ? null : Number(cell(row, column)))
  const seen = {
    at: ago(Number(cell(row, '分钟前'))),
    windSpeed: number('风速'),
    windForce: number('风级'),
    fog: claim(cell(row, '雾')),
    heavySnow: claim(cell(row, '大雪')),
    rainstorm: claim(cell(row, '暴雨')),
  }
  const found = weatherFor(
    rulesOf(row, workOf(row)),
    { outdoors: claim(cell(row, '露天')), acceptedWind: null },
    { seen, at: noon },
  )
  if (found.kind === 'stop') return said('停', found.stops[0]?.clause)
  return said(found.kind === 'clear' ? '可' : '未知')
}
