/** The people of the plant: what they see, say, send, press and open. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { createCamera } from './camera.ts'
import { vendorName } from './connections.ts'
import type { SandboxAccount, SandboxPerson, Vendor, VendorName } from './contract.ts'
import { photoBody, queryNumber, readBody, smallBody } from './control-body.ts'
import { follow } from './follow.ts'
import type { OnPhone } from './phones.ts'
import { Refused } from './refused.ts'
import { readSending } from './sending.ts'
import type { Core } from './world.ts'

export type Vendors = Readonly<Record<VendorName, Vendor>>

const words = z.string().max(20_000)
const where = { conversation: z.string().min(1).max(200).optional(), platform: vendorName.optional() }
const saying = z.strictObject({ text: words.min(1), ...where })
const scanning = z.strictObject({ code: z.string().min(1).max(500), ...where })
const entering = z.strictObject({ platform: vendorName.optional() })
const pressing = z.strictObject({
  message: z.string().optional(),
  label: z.string().min(1),
  form: z.record(z.string(), words).default({}),
})
const opening = z.strictObject({
  message: z.string().optional(),
  label: z.string().default(''),
  follow: z.boolean().default(true),
})
const reading = z.strictObject({ message: z.string().optional() })

export const mountPeople = (app: Hono, core: Core, vendors: Vendors): void => {
  const camera = createCamera()
  const person = (id: string) => findPerson(core, id)
  const asSeen = (one: OnPhone) => ({ ...one.seen, links: linksOf(core, vendors, one) })

  app.get('/people', (c) => c.json(core.plant.people.map(publicPerson)))
  app.get('/conversations', (c) => c.json(conversations(core)))
  app.get('/people/:id/sees', (c) => {
    const last = queryNumber(c, 'last', Number.MAX_SAFE_INTEGER)
    return c.json(
      last === 0
        ? []
        : core.phones
            .of(person(c.req.param('id')).id)
            .slice(-last)
            .map(asSeen),
    )
  })

  app.post('/people/:id/says', smallBody, async (c) => {
    const { text, conversation, platform } = await readBody(c, saying)
    const account = accountOf(person(c.req.param('id')), platform)
    await byPhone(() => vendors[account.platform].says({ account, text, group: groupOf(core, conversation) }))
    return c.json({ said: true })
  })
  app.post('/people/:id/scans', smallBody, async (c) => {
    const { code, conversation, platform } = await readBody(c, scanning)
    const account = accountOf(person(c.req.param('id')), platform)
    await byPhone(() => vendors[account.platform].says({ account, text: code, group: groupOf(core, conversation) }))
    return c.json({ said: true })
  })
  app.post('/people/:id/sends', photoBody, async (c) => {
    const { platform, conversation, ...sent } = await readSending(c, core.plant, camera)
    const account = accountOf(person(c.req.param('id')), platform)
    await byPhone(() => vendors[account.platform].sends({ ...sent, account, group: groupOf(core, conversation) }))
    return c.json({ sent: true })
  })
  app.post('/people/:id/enters', smallBody, async (c) => {
    const account = accountOf(person(c.req.param('id')), (await readBody(c, entering)).platform)
    await byPhone(() => vendors[account.platform].enters(account))
    return c.json({ entered: true })
  })
  app.post('/people/:id/reads', smallBody, async (c) => {
    const who = person(c.req.param('id'))
    const { message } = await readBody(c, reading)
    const all =
      message === undefined ? core.phones.of(who.id).filter(({ seen }) => seen.from === 'bot') : [messageOf(core, who, message)]
    await byPhone(() => Promise.all(all.map((one) => vendors[one.seen.platform].reads(holder(core, one), one.seen.id))))
    return c.json({ read: all.length })
  })
  app.post('/people/:id/presses', smallBody, async (c) => {
    const { message, label, form } = await readBody(c, pressing)
    const card = cardWith(core, person(c.req.param('id')), message, label)
    const pressed = { account: holder(core, card), message: card.seen.id, label, form }
    return c.json(await byPhone(() => vendors[card.seen.platform].presses(pressed)))
  })
  app.post('/people/:id/opens', smallBody, async (c) => {
    const { message, label, follow: go } = await readBody(c, opening)
    const page = pageWith(core, vendors, person(c.req.param('id')), message, label)
    const url = addressOf(core, vendors, page, label)
    if (url === null) throw new Refused(409, 'opens-nothing', `"${label}" opens no page.`)
    return c.json(go ? await follow(url, page.seen.platform) : { url, session: null })
  })
}

const publicPerson = ({ id, name, role, team, company, platform, accounts }: SandboxPerson) => ({
  id,
  name,
  role,
  team,
  company,
  platform,
  platforms: [...new Set(accounts.map((account) => account.platform))],
})

const findPerson = (core: Core, id: string): SandboxPerson => {
  const found = core.plant.people.find((one) => one.id === id) ?? core.plant.people.find((one) => one.name === id)
  if (!found) throw new Refused(404, 'unknown-person', `There is no person "${id}". GET /people lists them.`)
  return found
}

const accountOf = (person: SandboxPerson, platform: VendorName = person.platform): SandboxAccount => {
  const account = person.accounts.find((one) => one.platform === platform)
  if (!account) throw new Refused(409, 'no-account', `${person.name} has no account on ${platform}.`)
  return account
}

type Holding = Pick<OnPhone, 'account' | 'seen'>

/** The account that a message on a phone was sent to. */
const holder = (core: Core, { account, seen }: Holding): SandboxAccount => {
  const found = core.world.accountsOf(seen.platform).find((one) => one.account === account)
  if (!found) throw new Error(`A message stands on a phone for the unknown account "${account}".`)
  return found
}

/** The address behind a label of what the bot sent; what people wrote opens nothing. */
const addressOf = (core: Core, vendors: Vendors, one: Holding, label: string): string | null =>
  one.seen.from === 'bot' && !one.seen.recalled ? vendors[one.seen.platform].opens(holder(core, one), one.seen.id, label) : null

/** Labels that open a page; the empty one is the card itself. */
const linksOf = (core: Core, vendors: Vendors, one: Holding): readonly string[] =>
  ['', ...one.seen.actions].filter((label) => addressOf(core, vendors, one, label) !== null)

const messageOf = (core: Core, person: SandboxPerson, message: string): OnPhone => {
  const found = core.phones.find(person.id, message)
  if (!found) throw new Refused(404, 'unknown-message', `${person.name} has no message "${message}".`)
  return found
}

/** The named card may have moved on: a phone that has not caught up still shows its old buttons, so they can be pressed. */
const cardWith = (core: Core, person: SandboxPerson, message: string | undefined, label: string): OnPhone => {
  const card = message === undefined ? core.phones.latest(person.id, label) : messageOf(core, person, message)
  if (!card) throw new Refused(404, 'no-such-button', `${person.name} sees no card with "${label}".`)
  if (card.seen.recalled) throw new Refused(409, 'recalled', 'That message was recalled.')
  if (card.offered.has(label)) return card
  throw new Refused(
    409,
    'no-such-button',
    `That message never had "${label}"; it has ${card.seen.actions.join(', ') || 'no buttons'}.`,
  )
}

const pageWith = (core: Core, vendors: Vendors, person: SandboxPerson, message: string | undefined, label: string): OnPhone => {
  if (message !== undefined) return messageOf(core, person, message)
  const found = core.phones.of(person.id).findLast((one) => addressOf(core, vendors, one, label) !== null)
  if (!found) throw new Refused(404, 'no-such-page', `${person.name} sees nothing with "${label}" that opens a page.`)
  return found
}

type Conversation = {
  readonly id: string
  readonly platform: VendorName
  readonly kind: 'direct' | 'group'
  readonly people: readonly string[]
}

/** Conversations in which anybody saw anything. WeCom knows the app's chat alone, by the app; elsewhere what more than one person sees is a group. */
const conversations = (core: Core): readonly Conversation[] => {
  const found = new Map<string, { id: string; platform: VendorName; people: Set<string> }>()
  for (const person of core.plant.people) {
    for (const { seen } of core.phones.of(person.id)) {
      const one = found.get(seen.conversation) ?? { id: seen.conversation, platform: seen.platform, people: new Set<string>() }
      one.people.add(person.id)
      found.set(seen.conversation, one)
    }
  }
  const isGroup = (id: string, members: number) => members > 1 && !core.apps.some((app) => app.id === id)
  return [...found.values()].map(({ id, platform, people }) => ({
    id,
    platform,
    kind: isGroup(id, people.size) ? 'group' : 'direct',
    people: [...people],
  }))
}

/** Null is the bot's own chat, which may also be named by its connection. */
const groupOf = (core: Core, conversation: string | undefined): string | null =>
  conversation === undefined || core.apps.some((app) => app.id === conversation) ? null : conversation

/** What a platform's client will not do is the caller's mistake, said in the vendor's words. */
const byPhone = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act()
  } catch (error) {
    throw error instanceof Refused
      ? error
      : new Refused(422, 'client-refuses', error instanceof Error ? error.message : String(error))
  }
}
