/** Whom a message is for: `touser`, `toparty`, `totag` of message/send and the lists of update_template_card. */
import { z } from 'zod'
import { type Answer, no } from './codes.ts'
import type { Members } from './members.ts'

export type Asked = {
  readonly users: readonly string[]
  readonly parties: readonly string[]
  readonly tags: readonly string[]
  readonly all: boolean
}

export type Resolved = {
  /** Directory userids, each once. */
  readonly accounts: readonly string[]
  readonly invalidUsers: readonly string[]
  readonly invalidParties: readonly string[]
  readonly invalidTags: readonly string[]
}

const joined = z
  .string()
  .optional()
  .transform((text) => (text ?? '').split('|').filter((id) => id !== ''))

const envelope = z.object({ touser: joined, toparty: joined, totag: joined })

const tooMany = ({ users, parties, tags }: Asked): Answer | null => {
  if (users.length > 1000) return no(40032, 'touser')
  if (parties.length > 100) return no(82002, 'toparty')
  return tags.length > 100 ? no(82003, 'totag') : null
}

const checked = (asked: Asked): Asked | Answer => {
  const nobody = !asked.all && asked.users.length + asked.parties.length + asked.tags.length === 0
  return nobody ? no(82001) : (tooMany(asked) ?? asked)
}

/** Reads the envelope of message/send. Lists are strings joined with `|`; anything else is refused. */
export const readEnvelope = (json: Readonly<Record<string, unknown>>): Asked | Answer => {
  const parsed = envelope.safeParse(json)
  if (!parsed.success) return no(40058, String(parsed.error.issues[0]?.path[0] ?? ''))
  const { touser, toparty, totag } = parsed.data
  return checked({ users: touser, parties: toparty, tags: totag, all: touser.length === 1 && touser[0] === '@all' })
}

const ids = z
  .array(z.union([z.string(), z.int().transform(String)]))
  .optional()
  .transform((list) => list ?? [])
const updateLists = z.object({
  userids: z
    .array(z.string())
    .optional()
    .transform((list) => list ?? []),
  partyids: ids,
  tagids: ids,
  atall: z.int().min(0).max(1).optional(),
})

/** Reads the receivers of update_template_card, where lists are arrays. */
export const readUpdateLists = (json: Readonly<Record<string, unknown>>): Asked | Answer => {
  const parsed = updateLists.safeParse(json)
  if (!parsed.success) return no(40058, String(parsed.error.issues[0]?.path[0] ?? ''))
  const { userids, partyids, tagids, atall } = parsed.data
  return checked({ users: userids, parties: partyids, tags: tagids, all: atall === 1 })
}

/** Looks everybody up. There are no tags in this plant, so every tag is invalid. */
export const resolve = (asked: Asked, members: Members): Resolved => {
  const everyone = members.all().map(({ account }) => account.account)
  if (asked.all) return { accounts: everyone, invalidUsers: [], invalidParties: [], invalidTags: [] }
  const known = new Map(everyone.map((userid) => [userid.toLowerCase(), userid]))
  const parties = new Set(members.departments().map(({ id }) => String(id)))
  const users = asked.users.flatMap((userid) => known.get(userid.toLowerCase()) ?? [])
  const inParties = asked.parties.filter((id) => parties.has(id)).flatMap((id) => members.within(Number(id)))
  return {
    accounts: [...new Set([...users, ...inParties.map(({ account }) => account.account)])],
    invalidUsers: asked.users.map((userid) => userid.toLowerCase()).filter((userid) => !known.has(userid)),
    invalidParties: asked.parties.filter((id) => !parties.has(id)),
    invalidTags: asked.tags,
  }
}
