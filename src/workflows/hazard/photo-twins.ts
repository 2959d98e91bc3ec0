import { later } from '../../lib/clock.ts'
import { photoRules } from '../../rules/photo-checks.ts'
import type { Facts, FoundRow, IndexRow } from '../workflow.ts'
import type { HazardCommand, HazardFile, HazardState } from './hazard.ts'
import type { Look } from './proof.ts'

type Store = Extract<HazardCommand, { type: 'storePhoto' }>

/** Pictures of one site are compared one decision after the other, so that two copies that come at once do not miss each other. */
export const photoLock = 'photos'

const ones = (bits: bigint): number => bits.toString(2).replaceAll('0', '').length

/** How many bits of two hashes of the same length, in hex, differ. */
export const bitsApart = (a: string, b: string): number => ones(BigInt(`0x${a}`) ^ BigInt(`0x${b}`))

/** Which share of two prints agrees: 1 for copies, about one half for strangers. */
export const shareOf = (a: Look, b: Look): number => 1 - bitsApart(a.print, b.print) / (4 * a.print.length)

/** Where a picture is found: by each quarter of its likeness, because what differs in up to three bits agrees in one of them; with nothing to compare, by its bytes. */
const keysOf = (original: string, look: Look | null | undefined): readonly string[] =>
  look ? [0, 1, 2, 3].map((band) => `band${band}:${look.likeness.slice(4 * band, 4 * band + 4)}`) : [`is:${original}`]

type Found = { readonly subject: string; readonly file: string; readonly look: Look | null }

const noteOf = ({ id, look }: HazardFile): string => (look ? `${id} ${look.likeness} ${look.print}` : id)

/** Every picture of a case, for the comparison with those of others. Pictures of the case that share a key share a row; each is noted in it with its print. */
export const photoRows = ({ files }: HazardState): readonly IndexRow[] => {
  const byKey = new Map<string, HazardFile[]>()
  for (const file of files)
    if (file.state === 'stored' && file.original !== null && file.look !== undefined)
      for (const key of keysOf(file.original, file.look)) byKey.set(key, [...(byKey.get(key) ?? []), file])
  return [...byKey].map(([key, found]) => ({
    name: 'photo',
    key,
    at:
      found
        .map(({ at }) => at)
        .sort()
        .at(-1) ?? '',
    weight: found.length,
    note: found.map(noteOf).join('\n'),
  }))
}

const foundIn = ({ subject, note }: FoundRow): readonly Found[] =>
  note.split('\n').map((line) => {
    const [file = '', likeness, print] = line.split(' ')
    return { subject, file, look: likeness && print ? { likeness, print } : null }
  })

/** Pictures of other cases that this one is a copy of, or looks like. `all` is false where more were found than are compared. */
export type Twins = {
  readonly copy: readonly [subject: string, file: string] | null
  readonly isAlike: boolean
  readonly all: boolean
}

/** Looks for pictures of other cases within the time of the rule. */
export const twinsElsewhere = ({ original, look }: Store, facts: Facts): Twins => {
  const from = later(facts.at, -photoRules.lookBack).toISOString()
  const rows = keysOf(original, look).map((key) => facts.read({ name: 'photo', key, from, most: photoRules.mostCompared }))
  const others = rows
    .flat()
    .flatMap(foundIn)
    .filter(({ subject }) => subject !== facts.subject)
  // Without a look they were found by their bytes.
  const copy = others.find((one) => !look || isCopy(look, one.look)) ?? null
  return {
    copy: copy && [copy.subject, copy.file],
    isAlike: others.some((one) => look && one.look && bitsApart(look.likeness, one.look.likeness) <= photoRules.alikeBits),
    all: rows.every(({ length }) => length < photoRules.mostCompared),
  }
}

const isCopy = (a: Look | null | undefined, b: Look | null | undefined): boolean =>
  !!a && !!b && bitsApart(a.print, b.print) <= photoRules.copyBits

/** Photos of after that are, byte for byte or but for the encoder, one of before show no repair, whichever of the two was developed first. */
export const showNothingNew = ({ files }: HazardState, { file, original, look }: Store): readonly HazardFile[] => {
  const stage = files.find(({ id }) => id === file)?.stage
  const twins = files.filter(
    (one) => one.id !== file && one.state === 'stored' && (one.original === original || isCopy(look, one.look)),
  )
  if (stage === 'before') return twins.filter((one) => one.stage === 'after')
  const isShownBefore = stage === 'after' && twins.some((one) => one.stage === 'before')
  return isShownBefore ? files.filter(({ id }) => id === file) : []
}
