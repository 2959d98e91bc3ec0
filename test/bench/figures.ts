/** Numbers of a run: medians with minimum and maximum, ratios taken inside each round, the table and the file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** The value below which this share of all values lies; NaN without values. */
export const quantile = (values: readonly number[] | Float64Array, share: number): number => {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

export type Unit = '/s' | 'ms' | 'µs' | 'MB' | 's' | '×' | 'count'
/** What a row must reach: a bound of its value, or of its ratio to the reference. */
export type Target = { readonly of: 'value' | 'ratio'; readonly least?: number; readonly most?: number }

export type RowPlan = { readonly name: string; readonly unit: Unit; readonly reference?: string; readonly target?: Target }
export type Row = RowPlan & {
  readonly values: readonly number[]
  readonly ratios: readonly number[]
  readonly met: boolean | null
  readonly notes: readonly string[]
}

export type Sheet = {
  /** One value of a row in the round under way. */
  readonly put: (plan: RowPlan, value: number, note?: string) => void
  readonly nextRound: () => void
  readonly rows: () => readonly Row[]
}

type Entry = { readonly plan: RowPlan; readonly values: Map<number, number>; readonly notes: Set<string> }

const ratiosOf = (entry: Entry, reference: Entry | undefined): readonly number[] =>
  [...entry.values].flatMap(([round, value]) => {
    const base = reference?.values.get(round)
    return base === undefined ? [] : [value / base]
  })

const isMet = (target: Target | undefined, values: readonly number[], ratios: readonly number[]): boolean | null => {
  if (!target) return null
  const found = median(target.of === 'value' ? values : ratios)
  return found >= (target.least ?? -Infinity) && found <= (target.most ?? Infinity)
}

export const createSheet = (): Sheet => {
  const entries = new Map<string, Entry>()
  let round = 0
  return {
    put: (plan, value, note) => {
      const entry = entries.get(plan.name) ?? { plan, values: new Map(), notes: new Set() }
      entries.set(plan.name, entry)
      entry.values.set(round, value)
      if (note) entry.notes.add(note)
    },
    nextRound: () => {
      round += 1
    },
    rows: () =>
      [...entries.values()].map((entry) => {
        const values = [...entry.values.values()]
        const ratios = ratiosOf(entry, entries.get(entry.plan.reference ?? ''))
        return { ...entry.plan, values, ratios, met: isMet(entry.plan.target, values, ratios), notes: [...entry.notes].slice(-3) }
      }),
  }
}

const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
}
const spread = (values: readonly number[]): string =>
  values.length === 0
    ? ''
    : values.length === 1
      ? short(values[0] ?? Number.NaN)
      : `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`

const wanted = ({ target, unit }: Row): string => {
  if (!target) return ''
  const bound = target.least === undefined ? `≤ ${target.most}` : `≥ ${target.least}`
  return target.of === 'ratio' ? `${bound} ×` : `${bound} ${unit}`
}

const width = (text: string): number => [...text].reduce((sum, letter) => sum + (letter >= '⺀' ? 2 : 1), 0)
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)))

/** The table as text: name, median (minimum–maximum), ratio to the reference in the same round, what was wanted and whether it was reached. */
export const tableOf = (rows: readonly Row[]): string => {
  const lines = [
    ['row', 'median (min–max)', 'unit', 'ratio to reference', 'wanted', ''],
    ...rows.map((row) => [
      row.name,
      spread(row.values),
      row.unit,
      spread(row.ratios),
      wanted(row),
      row.met === null ? '' : row.met ? 'reached' : 'NOT REACHED',
    ]),
  ]
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))))
  const shown = lines.map((line) =>
    line
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [shown[0], '─'.repeat(widths.reduce((sum, one) => sum + one + 2, -2)), ...shown.slice(1)].join('\n')
}

/** Writes everything that was measured; gives the path. */
export const writeResult = (folder: string, name: string, result: object): string => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}.json`)
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  return path
}
