import { sql } from 'kysely'
import { z } from 'zod'
import type { Handle } from '../db/database.ts'
import { freshBytes, hmacSha256, sameSecret, sha256 } from '../lib/crypto.ts'
import { readJson } from '../lib/json.ts'

/**
 * Links by which a wall screen reads the board of a site, without anybody signed in. Each is a row, so that it can be taken back, and is signed, so that whoever
 * writes the database alone cannot make one. Only its hash is stored.
 */
export type BoardLink = { readonly id: string; readonly site: string; readonly name: string; readonly until: Date }

const form = z.strictObject({ site: z.string(), name: z.string(), until: z.iso.datetime() })
const keyForm = /^([A-Za-z0-9_-]{22})\.([0-9a-f]{64})$/
const prefix = 'board:'

const idOf = (nonce: string): string => sha256(`andon board\n${nonce}`).slice(0, 16)
const signature = (secret: string, nonce: string, text: string): string =>
  hmacSha256(secret, `andon board link\n${nonce}\n${text}`)

const linkOf = (id: string, value: string): BoardLink | null => {
  const read = form.safeParse(readJson(value))
  return read.success ? { id, site: read.data.site, name: read.data.name, until: new Date(read.data.until) } : null
}

/** Makes a link; the key is shown once and stored nowhere. */
export const createBoardLink = async (
  handle: Handle,
  secret: string,
  { site, name, until }: Omit<BoardLink, 'id'>,
): Promise<{ readonly id: string; readonly key: string }> => {
  const nonce = freshBytes(16).toString('base64url')
  const value = JSON.stringify({ site, name, until: until.toISOString() })
  await handle
    .insertInto('meta')
    .values({ key: `${prefix}${idOf(nonce)}`, value })
    .execute()
  return { id: idOf(nonce), key: `${nonce}.${signature(secret, nonce, value)}` }
}

/** The link that a key opens now; null for one that was not made here, was taken back, changed, or is over. */
export const readBoardLink = async (handle: Handle, secret: string, key: string, at: Date): Promise<BoardLink | null> => {
  const [, nonce = '', signed = ''] = keyForm.exec(key) ?? []
  if (nonce === '') return null
  const row = await handle
    .selectFrom('meta')
    .select('value')
    .where('key', '=', `${prefix}${idOf(nonce)}`)
    .executeTakeFirst()
  if (!row || !sameSecret(signed, signature(secret, nonce, row.value))) return null
  const link = linkOf(idOf(nonce), row.value)
  return link && link.until.getTime() > at.getTime() ? link : null
}

export const listBoardLinks = async (handle: Handle): Promise<readonly BoardLink[]> => {
  const { rows } = await sql<{
    key: string
    value: string
  }>`select key, value from meta where key like 'board:%' order by key`.execute(handle)
  return rows.flatMap(({ key, value }) => linkOf(key.slice(prefix.length), value) ?? [])
}

/** Takes a link back; false when there is none of this id. */
export const revokeBoardLink = async (handle: Handle, id: string): Promise<boolean> => {
  const { numDeletedRows } = await handle.deleteFrom('meta').where('key', '=', `${prefix}${id}`).executeTakeFirst()
  return numDeletedRows > 0
}
