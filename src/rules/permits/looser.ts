import type { Overlay, WorkOverlay } from './overlay.ts'
import { tenantExclusions } from './packs.ts'
import {
  type GasLimit,
  type Level,
  type RulePack,
  type WeatherStop,
  type WorkRules,
  type WorkType,
  workTypes,
} from './rule-pack.ts'
import { isForce, isTime, type Times, tightenedLimit } from './tighten.ts'

/**
 * A value of an overlay that is refused. `looser` than the pack's; `unknown`: names nothing that the pack has; `unusable`: no time, number or force;
 * `impossible`: nothing could meet both bounds; `taken`: the id is the pack's own or used twice.
 */
export type Finding = {
  /** Null for what is of the site as a whole. */
  readonly work: WorkType | null
  readonly what: 'work' | 'validity' | 'sampleAge' | 'retestAfter' | 'limit' | 'node' | 'measure' | 'windForce' | 'exclusion'
  readonly id: string
  readonly because: 'looser' | 'unknown' | 'unusable' | 'impossible' | 'taken'
  readonly asked: string
  readonly pack: string
}

type Found = Omit<Finding, 'work'>
const found = (
  what: Found['what'],
  id: string,
  because: Found['because'],
  [asked, pack]: readonly [unknown, unknown],
): Found => ({
  what,
  id,
  because,
  asked: String(asked ?? ''),
  pack: String(pack ?? ''),
})

const timeFindings = (what: Found['what'], asked: Times, most: (id: string) => number | undefined): readonly Found[] =>
  Object.entries(asked).flatMap(([id, value]) => {
    const own = most(id)
    if (own === undefined) return [found(what, id, 'unknown', [value, own])]
    if (!isTime(value)) return [found(what, id, 'unusable', [value, own])]
    return value > own ? [found(what, id, 'looser', [value, own])] : []
  })

const limitFindings = (limits: readonly GasLimit[], asked: NonNullable<WorkOverlay['limits']>): readonly Found[] =>
  Object.entries(asked).flatMap(([id, { least, most }]) => {
    const own = limits.find((limit) => limit.id === id)
    if (!own) return [found('limit', id, 'unknown', [least ?? most, ''])]
    const values = [least, most].filter((value) => value !== undefined)
    if (values.length === 0 || values.some((value) => !(Number.isFinite(value) && value >= 0)))
      return [found('limit', id, 'unusable', [least ?? most, ''])]
    const strict = tightenedLimit(own, { ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) })
    return [
      ...(least !== undefined && own.least !== undefined && least < own.least
        ? [found('limit', id, 'looser', [least, own.least])]
        : []),
      ...(most !== undefined && own.most !== undefined && most > own.most
        ? [found('limit', id, 'looser', [most, own.most])]
        : []),
      ...((strict.least ?? 0) > (strict.most ?? Number.POSITIVE_INFINITY)
        ? [found('limit', id, 'impossible', [strict.least, strict.most])]
        : []),
    ]
  })

const idFindings = (what: 'node' | 'measure', asked: readonly string[], taken: readonly string[]): readonly Found[] =>
  asked.flatMap((id, at) =>
    id === '' || taken.includes(id) || asked.indexOf(id) !== at ? [found(what, id, 'taken', [id, ''])] : [],
  )

const nodeFindings = (levels: readonly Level[], nodes: NonNullable<WorkOverlay['nodes']>): readonly Found[] => {
  const statutory = levels.flatMap(({ chain }) => chain.map(({ id }) => id))
  const lost = nodes.filter(({ after }) => !statutory.includes(after))
  return [
    ...idFindings(
      'node',
      nodes.map(({ id }) => id),
      statutory,
    ),
    ...lost.map(({ id, after }) => found('node', id, 'unknown', [after, ''])),
  ]
}

const windFindings = (weather: readonly WeatherStop[], force: number | undefined): readonly Found[] => {
  if (force === undefined) return []
  if (!isForce(force)) return [found('windForce', '', 'unusable', [force, ''])]
  const looser = weather.filter(({ kind, atLeast }) => kind === 'windForce' && force > (atLeast ?? 0))
  return looser.map(({ id, atLeast }) => found('windForce', id, 'looser', [force, atLeast]))
}

const workFindings = (rules: WorkRules, overlay: WorkOverlay): readonly Found[] => {
  const { gas } = rules
  const breakOf = (id: string): number | undefined => {
    const known = id === 'any' || rules.levels.some((level) => level.id === id)
    if (!gas || !known) return undefined
    return id === 'any'
      ? Math.max(...Object.values(gas.retestAfter).map(({ most }) => most))
      : (gas.retestAfter[id] ?? gas.retestAfter.any)?.most
  }
  return [
    ...timeFindings('validity', overlay.validity ?? {}, (id) => rules.levels.find((level) => level.id === id)?.validity.most),
    ...timeFindings('sampleAge', overlay.sampleAge === undefined ? {} : { '': overlay.sampleAge }, () => gas?.sampleAge.most),
    ...timeFindings('retestAfter', overlay.retestAfter ?? {}, breakOf),
    ...limitFindings(gas?.limits ?? [], overlay.limits ?? {}),
    ...nodeFindings(rules.levels, overlay.nodes ?? []),
    ...idFindings(
      'measure',
      (overlay.measures ?? []).map(({ id }) => id),
      rules.measures.map(({ id }) => id),
    ),
    ...windFindings(rules.weather, overlay.windForce),
  ]
}

const exclusionFindings = (asked: readonly string[]): readonly Finding[] =>
  asked
    .filter((id) => !tenantExclusions.some((exclusion) => exclusion.id === id))
    .map((id) => ({ work: null, ...found('exclusion', id, 'unknown', [id, '']) }))

/** Everything in an overlay that the pack does not allow; empty when the overlay only tightens. A configuration with findings is refused. */
export const looserThan = (pack: Pick<RulePack, 'works'>, overlay: Overlay): readonly Finding[] => [
  ...workTypes.flatMap((work) => {
    const [rules, asked] = [pack.works[work], overlay.works[work]]
    if (!asked) return []
    const findings = rules ? workFindings(rules, asked) : [found('work', work, 'unknown', ['', ''])]
    return findings.map((one): Finding => ({ work, ...one }))
  }),
  ...exclusionFindings(overlay.exclusions),
]
