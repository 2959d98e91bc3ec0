import { reachableHolders } from '../pieces.ts'
import type { IndexRow, Plant } from '../workflow.ts'

/** One line of the plan: a case that waits for its time. */
export type PlanLine = {
  readonly code: string
  readonly title: string
  readonly due: string
  readonly owner: string | null
  readonly area: string
}

/** The weekly rolling plan (周滚动计划) of one person: what waits in their areas when the week begins. Made once, and never changed. */
export type PlanState = {
  readonly status: 'made'
  readonly site: string
  readonly planner: string
  readonly week: string
  readonly lines: readonly PlanLine[]
  /** More than the plan lists. */
  readonly more: number
  readonly unreached: boolean
}

export type PlanCommand =
  | { readonly type: 'make'; readonly planner: string; readonly instead: string; readonly week: string }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type PlanEvent =
  | ({ readonly type: 'made'; readonly at: string } & Pick<PlanState, 'site' | 'planner' | 'week' | 'lines' | 'more'>)
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }

/** The name of the rows by which a plan finds its lines; the key is the area. */
export const planRows = 'weekly-plan'

/** The row that puts a case on the plan of its area. */
export const planRow = ({ area, due, ...line }: PlanLine): IndexRow => ({
  name: planRows,
  key: area,
  at: due,
  weight: 1,
  note: JSON.stringify(line),
})

/** Whose plan an area is on: its owner's, or that of the first who stands in; null when nobody can be reached. */
export const plannerOf = (area: string | null, instead: string, plant: Plant): string | null => {
  const owner = plant.areas.find(({ id }) => id === area)?.owner ?? null
  if (owner !== null && plant.persons.get(owner)?.active === true && plant.reachable(owner)) return owner
  return reachableHolders(plant, instead, plant.site)[0] ?? null
}

/** The plan of a person for a week is always the same subject, whoever asks for it and how often. */
export const planKey = (site: string, planner: string, week: string): string => `plan:${site}:${planner}:${week}`
