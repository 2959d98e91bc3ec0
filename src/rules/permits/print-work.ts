import { durationWords, gasKindWords, limitWords, table, whenWords } from './print-words.ts'
import type { ChainNode, GasLimit, GasRules, Level, RulePack, WorkRules } from './rule-pack.ts'
import { trades } from './trades.ts'

const kindWords: Readonly<Record<ChainNode['kind'], string>> = {
  confirm: '确认',
  review: '审核',
  countersign: '会签',
  approve: '审批（现场）',
  beforeStart: '开工前验票',
  acceptance: '完工验收',
}
const weatherWords = { windForce: '风', fog: '雾', heavySnow: '大雪', rainstorm: '暴雨', thunder: '雷电' } as const
const upgradeWords = { holiday: '节假日', restDay: '公休日', night: '夜间', windForce: '大风' } as const
const whoWords: Readonly<Record<string, string>> = {
  worker: '作业人员',
  attendant: '监护人',
  operator: '起重机司机',
  signaller: '指挥',
  rigger: '司索',
}

const optional = (text: string): string => (text === '' ? '总是' : text)
const levelName = ({ levels }: WorkRules, id: string): string => levels.find((level) => level.id === id)?.name ?? id
const byLevel = (rules: WorkRules, id: string): string => (id === 'any' ? '所有' : levelName(rules, id))

const validityWords = ({ validity: { most, normal } }: Level): string =>
  normal === undefined ? `≤ ${durationWords(most)}` : `一般 ≤ ${durationWords(normal)}，最长 ${durationWords(most)}`

const levelRows = ({ levels }: WorkRules): readonly (readonly string[])[] =>
  levels.map((level) => [
    level.name,
    level.id,
    validityWords(level),
    level.validity.clause,
    `票 ${durationWords(level.retention.ticket)}，影像 ${level.retention.video === null ? '—' : durationWords(level.retention.video)}`,
    level.retention.clause,
    level.copies.join('；'),
  ])

const chainRows = (rules: WorkRules): readonly (readonly string[])[] =>
  rules.levels.flatMap((level) =>
    level.chain.map((node, index) => [
      level.name,
      `${index + 1}`,
      node.label,
      kindWords[node.kind],
      `${node.role}@${node.scope}`,
      whenWords(node.when, rules.questions),
      node.clause,
    ]),
  )

const questionRows = ({ questions }: WorkRules): readonly (readonly string[])[] =>
  questions.map(({ id, label, kind, unit, choices, range, clause }) => {
    const answers = { yesNo: '是／否', number: `${range?.join('～') ?? ''} ${unit ?? ''}`, one: '单选：', some: '可多选：' }[kind]
    return [label, `${answers}${(choices ?? []).map((choice) => choice.label).join('；')}`, id, clause]
  })

const criterionRows = (rules: WorkRules, rows: WorkRules['criteria']): readonly (readonly string[])[] =>
  rows.map(({ level, all, reason, clause }) => [
    levelName(rules, level),
    optional(whenWords(all, rules.questions)),
    reason,
    clause,
  ])

const lelWords = ({ lel }: GasLimit): string => {
  if (!lel) return ''
  return lel.atLeast === undefined ? `爆炸下限＜${lel.below}%` : `爆炸下限≥${lel.atLeast}%`
}

const gasRows = (rules: WorkRules, gas: GasRules): readonly (readonly string[])[] => [
  ...gas.limits.map((limit) => [
    `限值 ${limit.id}`,
    [gasKindWords[limit.kind], lelWords(limit), whenWords(limit.when, rules.questions)].filter((text) => text !== '').join('，'),
    limitWords(limit),
    limit.clause,
  ]),
  ['取样至开工', '按取样时间', `≤ ${durationWords(gas.sampleAge.most)}`, gas.sampleAge.clause],
  ...Object.entries(gas.retestAfter).map(([level, { most, clause }]) => [
    '中断后重新检测',
    byLevel(rules, level),
    most === 0 ? '任何中断' : `中断＞${durationWords(most)}`,
    clause,
  ]),
  ...Object.entries(gas.logEvery).map(([level, { every, continuous, clause, isDefault }]) => [
    '作业期间',
    byLevel(rules, level),
    `${continuous ? '连续检测，' : ''}每 ${durationWords(every)} 记录一次${isDefault ? '（记录间隔自定）' : ''}`,
    clause,
  ]),
  ...(gas.daily ? [['每日', '所有', '每日开工前重新检测', gas.daily.clause]] : []),
  ...gas.points.map(({ id, label, when, clause }) => [`检测点 ${id}`, optional(whenWords(when, rules.questions)), label, clause]),
]

const gasLines = (rules: WorkRules): readonly string[] => {
  if (!rules.gas) return ['本作业没有气体检测要求。', '']
  const when = whenWords(rules.gas.when, rules.questions)
  return [
    ...(when === '' ? [] : [`仅当${when}时检测。`, '']),
    ...table(['项目', '适用', '要求', '条款'], gasRows(rules, rules.gas)),
  ]
}

const needRows = (rules: WorkRules): readonly (readonly string[])[] =>
  rules.startNeeds.map(({ id, text, levels, when, clause }) => {
    const at = (levels ?? []).map((level) => levelName(rules, level)).join('、')
    const cases = [at, whenWords(when, rules.questions)].filter((part) => part !== '').join('，')
    return [text, optional(cases), id, clause]
  })

const measureRows = ({ measures, questions }: WorkRules): readonly (readonly string[])[] =>
  measures.map(({ id, text, optional: mayBeOut, asks, when, clause }, index) => [
    `${index + 1}`,
    `${text}${asks ? `（填${asks.label}，${asks.unit}）` : ''}${when ? `（${whenWords(when, questions)}）` : ''}`,
    mayBeOut ? '可' : '不可',
    id,
    clause,
  ])

const certificateRows = (rules: WorkRules): readonly (readonly string[])[] =>
  rules.certificates.map(({ who, trades: any, when, clause }) => [
    whoWords[who] ?? who,
    any.map((trade) => nameOf(trade)).join('或'),
    optional(whenWords(when, rules.questions)),
    clause,
  ])
const nameOf = (trade: string): string => (Object.hasOwn(trades, trade) ? trades[trade as keyof typeof trades] : trade)

const section = (title: string, lines: readonly string[]): readonly string[] => [`### ${title}`, '', ...lines]

/** One kind of work as lines of the document. */
export const workLines = (rules: WorkRules): readonly string[] => [
  `## ${rules.name}（${rules.form}）`,
  '',
  ...section(
    '级别、有效期、留存',
    table(['级别', '标识', '有效期', '条款', '留存（本产品）', '条款', '第二、三联持有'], levelRows(rules)),
  ),
  ...section('定级条件（自上而下，先满足者为准）', table(['级别', '条件', '理由', '条款'], criterionRows(rules, rules.criteria))),
  ...(rules.noTicket.length === 0
    ? []
    : section(
        '不需办票',
        table(
          ['条件', '理由', '条款'],
          criterionRows(rules, rules.noTicket).map((row) => row.slice(1)),
        ),
      )),
  ...section('签字顺序', table(['级别', '序', '签字人', '性质', '角色', '仅当', '条款'], chainRows(rules))),
  ...section('气体检测', gasLines(rules)),
  ...section('安全措施', table(['序', '措施', '可填不涉及', '标识', '条款'], measureRows(rules))),
  ...section('开工另需', table(['要求', '适用', '标识', '条款'], needRows(rules))),
  ...section(
    '天气停止',
    table(
      ['天气', '规则', '条款'],
      rules.weather.map(({ kind, atLeast, text, clause }) => [
        atLeast === undefined ? weatherWords[kind] : `${weatherWords[kind]}力≥${atLeast} 级`,
        text,
        clause,
      ]),
    ),
  ),
  ...section(
    '升级管理',
    table(
      ['情形', '规则', '条款'],
      rules.upgrades.map(({ on, atLeast, text, clause }) => [
        atLeast === undefined ? upgradeWords[on] : `${upgradeWords[on]}（${atLeast} 级及以上）`,
        text,
        clause,
      ]),
    ),
  ),
  ...section('人员资格', table(['人员', '证书或培训', '适用', '条款'], certificateRows(rules))),
  ...section('申请时的问题', table(['问题', '答案', '标识', '条款'], questionRows(rules))),
]

/** Every clause that stands anywhere in a value, found by the name of the field. */
const gather = (value: unknown, found: Set<string>): void => {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'clause' && typeof inner === 'string') found.add(inner)
    else gather(inner, found)
  }
}
export const clausesIn = (pack: RulePack): ReadonlySet<string> => {
  const found = new Set<string>()
  gather(pack, found)
  return found
}
