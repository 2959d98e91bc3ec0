import { sql } from 'kysely'
import { z } from 'zod'
import { sealHash } from './journal.ts'
import { exactTime, isoOf } from './stored.ts'

/** The head of a case as a seal or a checkpoint says it once was: id, revision, hash. */
export type Head = readonly [id: string, revision: number, hash: string]

export type SealRow = {
  readonly lane: string
  readonly seq: number
  readonly at: string
  readonly body: string
  readonly prev: string
  readonly hash: string
}

/** Columns of a seal, its time to the microsecond. */
export const sealColumns = sql`lane, seq, ${exactTime('at')} as at, body, prev, hash`

export const readSeal = (row: SealRow): SealRow => ({ ...row, seq: Number(row.seq), at: isoOf(row.at) })

/** Was it made with this secret, and is it unchanged since? */
export const sealFits = (secret: string, { lane, seq, at, body, prev, hash }: SealRow): boolean =>
  sealHash(secret, lane, seq, at, body, prev) === hash

const digest = z.string().regex(/^[0-9a-f]{64}$/)
export const headList = z.array(z.tuple([z.string(), z.number().int().min(1).max(2_147_483_647), digest]))

/** The heads that a seal covers; null when its body is not a list of heads. */
export const sealedHeads = (body: string): readonly Head[] | null => {
  try {
    return headList.parse(JSON.parse(body))
  } catch {
    return null
  }
}
