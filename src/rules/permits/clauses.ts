import { gb30871Clauses } from './gb30871-2022/clauses.ts'
import { own } from './pack-parts.ts'
import type { Clause, RulePack } from './rule-pack.ts'

const gb46768Clauses: Readonly<Record<Clause, string>> = {
  '1': '适用于有限空间作业；不适用于危险化学品生产、有储存的经营企业，化工、医药企业及船舶',
  '5.2.1': '作业经作业负责人同意并经审批人审批；发包作业还须发包单位审批人审批',
  '5.8.2': '至少检测氧气、可燃气体、硫化氢、一氧化碳',
  '5.8.4': '有污泥、积水等的，检测前先搅动，使气体充分释放',
  '5.8.5': '在空间外上风侧以泵吸方式检测',
  '5.8.6':
    '首个检测点在进出口；竖向不少于 3 点（深不足 2 m 为 2 点），顶、底 1 m 内，间距不超过 8 m；横向不少于 2 点，近端 0.5 m、远端 2 m',
  '5.9.1 a': '氧含量 19.5%～23.5%（体积）',
  '5.9.1 b': '可燃气体、蒸气浓度不大于 10%LEL',
  '5.9.1 c': '有毒有害物质不超过最高容许浓度或短时间接触容许浓度，没有的不超过时间加权平均容许浓度',
  '5.9.2': '初次检测不合格不得作业，强制通风后重新检测',
  '5.11.1': '检测不合格的，采取强制通风',
  '5.12.2': '气体环境可能突变的，用全身式安全带、安全绳和供气式或自给式呼吸防护装备',
  '6.2.3': '作业者所在区域实时检测，每 15 min 记录一次瞬时值',
  '6.2.4': '持续通风；涂装、防水、防腐、焊接、清淤或气体可能恶化的，机械通风',
  '6.2.5': '报警、身体不适、防护装备失效、接到命令或其他危险时立即撤离',
  '6.2.7': '作业中断后再次进入前，重新检测',
}

/** What every clause that a pack or a refusal names says, by standard. */
export const clausesOf: Readonly<Record<RulePack['standard'], Readonly<Record<Clause, string>>>> = {
  'GB 30871-2022': gb30871Clauses,
  'GB 46768-2025': gb46768Clauses,
}

/** A clause in a line; null for one that is not known here, and for what no clause backs. */
export const paraphrase = (standard: string, clause: Clause): string | null => {
  const known = clausesOf[standard]
  return known && Object.hasOwn(known, clause) ? (known[clause] ?? null) : null
}

/** A clause as a refusal quotes it, `GB 30871-2022 5.3.1 c：取样与动火开始的间隔不超过 30 min`. */
export const quoteClause = (standard: string, clause: Clause): string => {
  if (clause === own) return '自定：标准没有规定，为本产品默认值或现场规定'
  const text = paraphrase(standard, clause)
  return text === null ? `${standard} ${clause}` : `${standard} ${clause}：${text}`
}
