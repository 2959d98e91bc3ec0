import type { Overlay, WorkOverlay } from './overlay.ts'
import type { ChainNode, GasLimit, GasRules, Level, MeasureLine, UpgradeRule, WeatherStop, WorkRules } from './rule-pack.ts'

/** Milliseconds by level id or `any`. */
export type Times = Readonly<Record<string, number>>

/** A limit in time can be shortened, and is used only when it is a time at all. */
export const isTime = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value) && value >= 0
const shorter = (most: number, asked: number | undefined): number => (isTime(asked) ? Math.min(most, asked) : most)

const tightenedLevel = (level: Level, overlay: WorkOverlay): Level => {
  const most = shorter(level.validity.most, overlay.validity?.[level.id])
  const { normal } = level.validity
  const validity = { ...level.validity, most, ...(normal === undefined ? {} : { normal: Math.min(normal, most) }) }
  return { ...level, validity, chain: withNodes(level.chain, overlay.nodes ?? []) }
}

/** A node is put after the one it names, in the order of the overlay; statutory nodes are neither removed nor moved. After no known node: before the start. */
const withNodes = (chain: readonly ChainNode[], nodes: NonNullable<WorkOverlay['nodes']>): readonly ChainNode[] => {
  const added = nodes.filter(
    ({ id }, at) => !chain.some((node) => node.id === id) && nodes.findIndex((node) => node.id === id) === at,
  )
  const plain = ({ after: _, ...node }: (typeof added)[number]): ChainNode => node
  const grown = chain.flatMap((node) => [node, ...added.filter(({ after }) => after === node.id).map(plain)])
  const lost = added.filter(({ after }) => !chain.some((node) => node.id === after)).map(plain)
  const later = grown.findIndex(({ kind }) => kind === 'beforeStart' || kind === 'acceptance')
  return grown.toSpliced(later < 0 ? grown.length : later, 0, ...lost)
}

export const tightenedLimit = (
  limit: GasLimit,
  asked: { readonly least?: number; readonly most?: number } | undefined,
): GasLimit => {
  const least = [limit.least, asked?.least].filter((one) => one !== undefined && Number.isFinite(one))
  const most = [limit.most, asked?.most].filter((one) => one !== undefined && Number.isFinite(one))
  return {
    ...limit,
    ...(least.length > 0 ? { least: Math.max(...least.map(Number)) } : {}),
    ...(most.length > 0 ? { most: Math.min(...most.map(Number)) } : {}),
  }
}

/** A break by level, or `any` for those that the pack does not name apart. What is asked for one level alone is written out for it. */
const tightenedBreaks = (breaks: GasRules['retestAfter'], asked: Times, levels: readonly string[]): GasRules['retestAfter'] => {
  const named = [...new Set([...Object.keys(breaks), ...levels.filter((id) => isTime(asked[id]) && breaks.any)])]
  return Object.fromEntries(
    named.flatMap((id) => {
      const rule = breaks[id] ?? breaks.any
      return rule ? [[id, { ...rule, most: shorter(shorter(rule.most, asked.any), asked[id]) }]] : []
    }),
  )
}

const tightenedGas = (gas: GasRules, overlay: WorkOverlay, levels: readonly string[]): GasRules => ({
  ...gas,
  limits: gas.limits.map((limit) => tightenedLimit(limit, overlay.limits?.[limit.id])),
  sampleAge: { ...gas.sampleAge, most: shorter(gas.sampleAge.most, overlay.sampleAge) },
  retestAfter: tightenedBreaks(gas.retestAfter, overlay.retestAfter ?? {}, levels),
})

export const isForce = (force: number | undefined): force is number =>
  force !== undefined && Number.isInteger(force) && force >= 1 && force <= 12

const ownStop = (force: number): WeatherStop => ({
  id: 'overlay.wind',
  kind: 'windForce',
  atLeast: force,
  text: `本厂规定：${force} 级风以上（含 ${force} 级）停止露天作业`,
  clause: '自定',
})

const lowered = <T extends WeatherStop | UpgradeRule>(rule: T, force: number): T =>
  ('kind' in rule ? rule.kind : rule.on) === 'windForce' && force < (rule.atLeast ?? 0) ? { ...rule, atLeast: force } : rule

const tightenedWeather = (weather: readonly WeatherStop[], force: number | undefined): readonly WeatherStop[] => {
  if (!isForce(force)) return weather
  return weather.some(({ kind }) => kind === 'windForce')
    ? weather.map((stop) => lowered(stop, force))
    : [...weather, ownStop(force)]
}

const withMeasures = (lines: readonly MeasureLine[], asked: readonly MeasureLine[]): readonly MeasureLine[] => [
  ...lines,
  ...asked.filter(({ id }, at) => ![...lines, ...asked.slice(0, at)].some((line) => line.id === id)),
]

/**
 * The rules of a kind of work as the site applies them: per parameter the stricter of pack and overlay, so an overlay can never loosen, whatever it says. What
 * it asks in vain, `looserThan` of looser.ts names when the configuration is read.
 */
export const tightened = (rules: WorkRules, overlay: Overlay | null): WorkRules => {
  const own = overlay?.works[rules.work]
  if (!own) return rules
  const levels = rules.levels.map((level) => tightenedLevel(level, own))
  return {
    ...rules,
    levels,
    measures: withMeasures(rules.measures, own.measures ?? []),
    gas:
      rules.gas &&
      tightenedGas(
        rules.gas,
        own,
        levels.map(({ id }) => id),
      ),
    weather: tightenedWeather(rules.weather, own.windForce),
    upgrades: isForce(own.windForce) ? rules.upgrades.map((rule) => lowered(rule, own.windForce ?? 0)) : rules.upgrades,
  }
}
