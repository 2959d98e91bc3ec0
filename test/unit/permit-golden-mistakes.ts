import { hours } from '../../src/lib/clock.ts'
import { levelById } from '../../src/rules/permits/level.ts'
import { looserThan } from '../../src/rules/permits/looser.ts'
import type { WorkOverlay } from '../../src/rules/permits/overlay.ts'
import { packs } from '../../src/rules/permits/packs.ts'
import type { WorkRules, WorkType } from '../../src/rules/permits/rule-pack.ts'
import { gas, gasTime, type Said, validity, weather, workOf } from './permit-golden-judges.ts'
import { cell, idOf, packOf, type Row, rulesOf } from './permit-golden-kit.ts'

/** Mistakes seen in other products: a wrong value is judged like any other, or asked for by a site's overlay and refused; a wrong shape is not in the packs. */
const parameters = (row: Row): readonly string[] => cell(row, '参数').split(' ')
const named = (row: Row, columns: readonly string[]): Row => ({
  编号: cell(row, '编号'),
  条件: '',
  ...Object.fromEntries(columns.map((column, at) => [column, parameters(row)[at] ?? ''])),
})

/** 拒 when a site that asks so much is told so; then the pack's own clause stands. */
const asked = (row: Row, work: WorkType, overlay: WorkOverlay, clause: string): Said => {
  const findings = looserThan(packOf(row, work), { id: 'x', works: { [work]: overlay }, exclusions: [] })
  return { 期望: findings.length > 0 && findings.every(({ because }) => because === 'looser') ? '拒' : '准', 条款: clause }
}

const isDigits = (text: string): boolean => /^\d/.test(text)
const chapters = ({ criteria, measures, weather: stops }: WorkRules): readonly string[] => [
  ...new Set(
    [...criteria, ...measures, ...stops]
      .map(({ clause }) => clause.split('.')[0] ?? '')
      .filter((chapter) => isDigits(chapter) && Number(chapter) >= 5),
  ),
]

export const mistakes: Readonly<Record<string, (row: Row) => Said>> = {
  有效期: (row) => validity(named(row, ['作业', '级别', '小时'])),
  气体: (row) => {
    const one = named(row, ['作业', '检测', '物质', '数值', '单位'])
    return gas({ ...one, 数值: one.数值 === '空' ? '' : cell(one, '数值') })
  },
  天气: (row) =>
    weather({ ...named(row, ['作业', '风级']), 露天: '是', 风速: '', 雾: '否', 大雪: '否', 暴雨: '否', 分钟前: '0' }),
  录入时间: (row) => gasTime({ ...named(row, ['作业', '级别', '分钟']), 情形: '录入时间' }),
  放宽有效期: (row) => {
    const one = named(row, ['作业', '级别', '小时'])
    const [work, level] = [workOf(one), idOf('级别', cell(one, '级别'))]
    const { clause } = levelById(rulesOf(row, work), level).validity
    return asked(row, work, { validity: { [level]: hours(Number(cell(one, '小时'))) } }, clause)
  },
  放宽气体: (row) => {
    const one = named(row, ['作业', '限值', '下限', '上限'])
    const limit = rulesOf(row, workOf(one)).gas?.limits.find(({ id }) => id === cell(one, '限值'))
    const bounds = { least: Number(cell(one, '下限')), most: Number(cell(one, '上限')) }
    return asked(row, workOf(one), { limits: { [cell(one, '限值')]: bounds } }, limit?.clause ?? '')
  },
  放宽风力: (row) => {
    const one = named(row, ['作业', '风级'])
    const stop = rulesOf(row, workOf(one)).weather.find(({ kind }) => kind === 'windForce')
    return asked(row, workOf(one), { windForce: Number(cell(one, '风级')) }, stop?.clause ?? '')
  },
  级数: (row) => {
    const one = named(row, ['作业', '级数'])
    const rules = rulesOf(row, workOf(one))
    return { 期望: rules.levels.length === Number(cell(one, '级数')) ? '相符' : '不符', 条款: rules.criteria[0]?.clause ?? '' }
  },
  章号: (row) => {
    const one = named(row, ['作业', '章'])
    const found = chapters(rulesOf(row, workOf(one)))
    return { 期望: found.join() === cell(one, '章') ? '相符' : '不符', 条款: found.join() }
  },
  现场审批: () => {
    const levels = packs.flatMap(({ works }) => Object.values(works).flatMap((rules) => rules.levels))
    const isSigned = levels.every(({ chain }) => chain.some(({ kind, when }) => kind === 'approve' && when === undefined))
    return { 期望: isSigned ? '每级都有现场审批签字' : '有的级别没有', 条款: '4.11 a' }
  },
  措施编号: () => {
    const ids = packs.flatMap(({ works }) => Object.values(works).flatMap(({ measures }) => measures.map(({ id }) => id)))
    return { 期望: ids.every((id) => /^[a-z]+\.[a-zA-Z]/.test(id)) ? '按文字编号不按序号' : '按序号', 条款: 'A.1' }
  },
}
