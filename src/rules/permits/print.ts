import { clausesOf } from './clauses.ts'
import { table } from './print-words.ts'
import { clausesIn, workLines } from './print-work.ts'
import type { Exclusion, RulePack, Side } from './rule-pack.ts'
import { workTypes } from './rule-pack.ts'

const profileWords = {
  hazchem: '危险化学品、化工、医药企业',
  general_industry: '一般工贸企业',
  construction: '建筑施工',
} as const
const activityWords: Readonly<Record<string, string>> = {
  venting: '排放可燃气体',
  draining: '排放可燃液体',
  solvent: '可燃溶剂清洗、喷漆、涂刷',
  dust: '清扫可燃性粉尘',
  drawOff: '切水、取样',
  train: '装有危险化学品的火车',
}
const workWords = {
  hot: '动火',
  confinedSpace: '受限（有限）空间',
  blindPlate: '盲板抽堵',
  height: '高处',
  lifting: '吊装',
  temporaryPower: '临时用电',
  excavation: '动土',
  roadClosure: '断路',
} as const
const factWords: Readonly<Record<string, string>> = {
  riskArea: '火灾爆炸危险场所',
  hotInside: '内有动火',
  tankFarmDike: '油气罐区防火堤内',
}
const sameWords = {
  area: '同一区域',
  line: '同一管道',
  space: '同一空间',
  fallLine: '同一坠落方向或其下方',
  dike: '同一防火堤',
} as const
const outcomeWords = { forbid: '禁止', coordinate: '协调' } as const

const sideWords = ({ work, activity = '', when = [] }: Side): string => {
  const name = work === 'activity' ? (activityWords[activity] ?? activity) : workWords[work]
  const facts = when.map(({ fact }) => factWords[fact] ?? fact)
  return facts.length > 0 ? `${name}（${facts.join('，')}）` : name
}
const whereWords = ({ where, vertical }: Exclusion): string => {
  if ('same' in where) return sameWords[where.same]
  return vertical ? `${where.metres} m 内及上下方` : `${where.metres} m 内`
}

/** Rules that say the same of many pairs stand in one row. */
const exclusionRows = (exclusions: readonly Exclusion[]): readonly (readonly string[])[] => {
  const groups = Map.groupBy(exclusions, ({ text, clause, outcome }) => JSON.stringify([text, clause, outcome]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const pairs = group.map(({ between: [one, other] }) => `${sideWords(one)} × ${sideWords(other)}`)
    const spared = first.sparesLinked ? '不限' : '同样适用'
    return [[[...new Set(pairs)].join('；'), whereWords(first), outcomeWords[first.outcome], first.text, spared, first.clause]]
  })
}

/** The clauses that a pack names, in the order of the standard's list, each with its line. */
const clauseRows = (pack: RulePack): readonly (readonly string[])[] => {
  const named = clausesIn(pack)
  return Object.entries(clausesOf[pack.standard] ?? {}).flatMap(([clause, text]) => (named.has(clause) ? [[clause, text]] : []))
}

/** A rule pack as a document that a safety officer can read against the standard. Markdown, in Chinese. */
export const printPack = (pack: RulePack): string =>
  [
    `# ${pack.standard} ${pack.title}`,
    '',
    `- 规则包：\`${pack.id}\``,
    `- 适用：${pack.profiles.map((profile) => profileWords[profile]).join('、')}`,
    `- 生效：${pack.effectiveFrom} 起${pack.effectiveTo === null ? '' : `，至 ${pack.effectiveTo}`}`,
    `- 来源：${pack.source}`,
    '- “自定”表示标准没有规定，为本产品默认值；现场只能加严，不能放宽。条款列为本标准的条款号。',
    '',
    ...workTypes.flatMap((work) => {
      const rules = pack.works[work]
      return rules ? workLines(rules) : []
    }),
    '## 作业之间的限制',
    '',
    ...table(['双方', '范围', '处理', '规则', '同一作业的关联票', '条款'], exclusionRows(pack.exclusions)),
    '## 所引条款',
    '',
    ...table(['条款', '大意'], clauseRows(pack)),
  ].join('\n')
