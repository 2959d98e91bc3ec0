import { own, yes } from '../pack-parts.ts'
import { type Exclusion, type Side, type WorkType, workTypes } from '../rule-pack.ts'

const work = (one: WorkType, ...when: NonNullable<Side['when']>): Side => (when.length > 0 ? { work: one, when } : { work: one })
const activity = (name: string): Side => ({ work: 'activity', activity: name })

type Row = Pick<Exclusion, 'id' | 'between' | 'where' | 'text' | 'clause'>
/** Danger that does not ask whose job it is: permits of one job are excluded too. */
const forbidden = (row: Row, extra: Partial<Pick<Exclusion, 'vertical' | 'sparesLinked'>> = {}): Exclusion => ({
  ...row,
  vertical: false,
  outcome: 'forbid',
  sparesLinked: false,
  ...extra,
})

const hot = work('hot')
const named: readonly Exclusion[] = [
  forbidden({
    id: 'hot.venting',
    between: [hot, activity('venting')],
    where: { metres: 30 },
    text: '动火点 30 m 内不得排放可燃气体',
    clause: '5.2.9',
  }),
  forbidden({
    id: 'hot.draining',
    between: [hot, activity('draining')],
    where: { metres: 15 },
    text: '动火点 15 m 内不得排放可燃液体',
    clause: '5.2.9',
  }),
  forbidden(
    {
      id: 'hot.solvent',
      between: [hot, activity('solvent')],
      where: { metres: 10 },
      text: '动火点 10 m 内及上下方不得同时进行可燃溶剂清洗或喷漆',
      clause: '5.2.9',
    },
    { vertical: true },
  ),
  forbidden({
    id: 'hot.dust',
    between: [hot, activity('dust')],
    where: { metres: 10 },
    text: '动火点 10 m 内不得清扫可燃性粉尘',
    clause: '5.2.9',
  }),
  // A dike has no name of its own here; it lies within its area.
  forbidden({
    id: 'hot.drawOff',
    between: [work('hot', yes('tankFarmDike')), activity('drawOff')],
    where: { same: 'area' },
    text: '油气罐区防火堤内动火，不得同时切水、取样',
    clause: '5.2.8',
  }),
  forbidden({
    id: 'hot.train',
    between: [hot, activity('train')],
    where: { metres: 25 },
    text: '铁路沿线 25 m 内动火，装有危险化学品的火车通过或停留时立即停止',
    clause: '5.2.10',
  }),
  forbidden({
    id: 'blindPlate.hot',
    between: [work('blindPlate', yes('riskArea')), hot],
    where: { metres: 30 },
    text: '火灾爆炸危险场所盲板抽堵地点 30 m 内不得动火',
    clause: '7.6',
  }),
  forbidden({
    id: 'blindPlate.blindPlate',
    between: [work('blindPlate'), work('blindPlate')],
    where: { same: 'line' },
    text: '同一管道上不得同时进行两处及以上盲板抽堵',
    clause: '7.10',
  }),
]

const coating = '同一受限（有限）空间内有动火作业时，不得涂刷油漆、涂料等'
/** 6.7: coating is an activity, whatever permit says that it goes on; hot work inside is its own permit, or an answer of the one for the space. */
export const coatingInside = (clause: string): readonly Exclusion[] => {
  const sides = { 'confinedSpace.hot.solvent': work('confinedSpace', yes('hotInside')), 'hot.solvent.inside': hot } as const
  return Object.entries(sides).map(([id, side]) =>
    forbidden({ id, between: [side, activity('solvent')], where: { same: 'space' }, text: coating, clause }),
  )
}

const layers: Exclusion = {
  id: 'height.height',
  between: [work('height'), work('height')],
  where: { same: 'fallLine' },
  vertical: true,
  outcome: 'coordinate',
  text: '同一坠落方向一般不得上下交叉作业，确需时中间设防护层，坠落高度超过 24 m 设双层防护',
  clause: '8.2.8',
  sparesLinked: false,
}

/** Nobody below a load. Within one job the commander clears the ground before each lift. */
const belowLoad: readonly Exclusion[] = workTypes.map((other) =>
  forbidden(
    {
      id: `lifting.below.${other}`,
      between: [work('lifting'), work(other)],
      where: { same: 'fallLine' },
      text: '吊装区域内、吊物下方不得有人作业',
      clause: '9.2.12',
    },
    { vertical: true, sparesLinked: true },
  ),
)

/** Any two in one area, in each order once. */
const together = (pairs: readonly (readonly [WorkType, WorkType])[], clause: string): readonly Exclusion[] =>
  pairs.map(([one, other]) => ({
    id: `together.${one}.${other}`,
    between: [work(one), work(other)],
    where: { same: 'area' },
    vertical: false,
    outcome: 'coordinate',
    text: '同一区域同时进行两项特殊作业，须指定专人统一协调，并在作业前共同评估',
    clause,
    sparesLinked: true,
  }))
const allPairs = workTypes.flatMap((one, index) => workTypes.slice(index).map((other) => [one, other] as const))

/** Any other special work beside a confined space, for packs that know no other. */
export const besideConfinedSpace = (clause: string): readonly Exclusion[] =>
  together(
    allPairs.filter((pair) => pair.includes('confinedSpace')),
    clause,
  )

/** What excludes each other under GB 30871-2022, less what its chapter 6 says of confined spaces. */
export const outsideSpaces: readonly Exclusion[] = [...named, layers, ...belowLoad, ...together(allPairs, '4.7')]
export const exclusions: readonly Exclusion[] = [...outsideSpaces, ...coatingInside('6.7')]

/**
 * Stricter than any clause, and a site's own choice; on until the site says otherwise. Independent hot work and entry into a confined space in one area; two
 * permits of one job, such as welding inside a vessel, are not meant (4.6).
 */
export const independentHotAndSpace: Exclusion = forbidden(
  {
    id: 'independent.hot.confinedSpace',
    between: [hot, work('confinedSpace')],
    where: { same: 'area' },
    text: '同一区域内，互不相关的动火作业与受限（有限）空间作业不得同时进行',
    clause: own,
  },
  { sparesLinked: true },
)
