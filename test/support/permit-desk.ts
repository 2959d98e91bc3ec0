import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { certificatesFor, playedOn } from '../../scripts/tour-certificates.ts'
import { type Page, pageAt, partsOf, type Shown } from '../../scripts/tour-pages.ts'
import { type Form, pin } from '../../scripts/tour-permit-forms.ts'

import { scratch } from './scratch.ts'
import type { Actor, Stage, StageOptions } from './story.ts'

export { pin }

/** The morning of the working day on which stories of permits are played. */
export const morning = `${playedOn}T09:00`

/** A plant whose people hold the demo's certificates on that day. */
export const withCertificates = (): StageOptions => {
  const path = join(scratch('andon permits '), 'certificates.csv')
  writeFileSync(path, certificatesFor(new Date()))
  return { env: { ANDON_SANDBOX_CERTIFICATES: path } }
}

/** What people did, counted apart: buttons, pages opened, digits of the code at the work point and digits of PINs, and words said. */
export type Tally = { presses: number; pages: number; scanned: number; typed: number; said: number }
const nothing = (): Tally => ({ presses: 0, pages: 0, scanned: 0, typed: 0, said: 0 })

type Linked = Seen & { readonly links: readonly string[] }

export type PermitDesk = {
  readonly stage: Stage
  /** What follows is counted under this name. */
  readonly counts: (node: string) => void
  readonly tallies: () => ReadonlyMap<string, Tally>
  /** Says something and gives the code on the newest card that came of it. */
  readonly opensWith: (actor: Actor, words: string) => Promise<string>
  /** The page behind the newest card of a case on somebody's phone. */
  readonly sees: (actor: Actor, code: string) => Promise<Shown>
  /** Presses on the page; gives the words of the answer. Throws when the page offers no such button. */
  readonly presses: (actor: Actor, code: string, command: string, form?: Form, argument?: string) => Promise<string>
  /** The same on the card in the chat where it has that button, else on the page. */
  readonly taps: (actor: Actor, code: string, command: string) => Promise<string>
  readonly offers: (actor: Actor, code: string, command: string) => Promise<boolean>
  readonly setsPin: (actor: Actor) => Promise<void>
}

const isAbout = ({ title, text, facts }: Seen, code: string): boolean =>
  [...`${title}\n${text}`.split('\n'), ...facts.map(([, value]) => value)].includes(code)
const codeForm = /[A-Z]{2}-[A-Z0-9]{3,6}-\d{8}-\d{4,9}-[0-9A-Z]/

/** People with their phones, their pages and their PINs, in a plant in which permits are applied for. */
export const openDesk = (stage: Stage): PermitDesk => {
  const { world } = stage
  const pages = new Map<string, Page>()
  const tallies = new Map<string, Tally>()
  let current = nothing()

  const newest = async (actor: Actor, what: string, fits: (seen: Linked) => boolean): Promise<Linked> => {
    const all = (await world.get<readonly Linked[]>(`/people/${actor.id}/sees`)).filter(({ from }) => from === 'bot')
    const found = all.findLast(fits)
    if (!found)
      throw new Error(
        `${actor.id} has nothing with ${what}, but: ${all.map(({ title, text }) => `«${title || text}»`).join(', ')}`,
      )
    return found
  }

  const openPage = async (actor: Actor, what: string, fits: (seen: Linked) => boolean): Promise<Page> => {
    const { id, links } = await newest(
      actor,
      `a page of ${what}`,
      (seen) => seen.links.length > 0 && !seen.recalled && fits(seen),
    )
    current.pages += 1
    return pageAt(await world.post(`/people/${actor.id}/opens`, { message: id, label: links[0] ?? '' }))
  }
  const pageOf = async (actor: Actor, code: string): Promise<Page> => {
    const key = `${actor.id} ${code}`
    const known = pages.get(key) ?? (await openPage(actor, code, (seen) => isAbout(seen, code)))
    pages.set(key, known)
    return known
  }
  const note = (form: Form): void => {
    current.presses += 1
    current.scanned += form.digits?.length ?? 0
    current.typed += form.pin?.length ?? 0
  }
  const sees: PermitDesk['sees'] = async (actor, code) => (await pageOf(actor, code)).look()
  const pressOn = async (page: Page, button: string, form: Form, argument?: string): Promise<string> => {
    note(form)
    const words = await page.press({ button, form, ...(argument === undefined ? {} : { argument }) })
    await stage.settles()
    return words
  }
  const onPage: PermitDesk['presses'] = async (actor, code, command, form = {}, argument) =>
    pressOn(await pageOf(actor, code), command, form, argument)

  return {
    stage,
    counts: (node) => {
      current = tallies.get(node) ?? nothing()
      tallies.set(node, current)
    },
    tallies: () => tallies,
    opensWith: async (actor, words) => {
      current.said += 1
      await actor.says(words)
      const seen = await newest(actor, 'a code', ({ title, text, facts }) =>
        codeForm.test(`${title}\n${text}\n${facts.flat().join('\n')}`),
      )
      const [code = ''] = codeForm.exec(`${seen.title}\n${seen.text}\n${seen.facts.flat().join('\n')}`) ?? []
      return code
    },
    sees,
    presses: onPage,
    taps: async (actor, code, command) => {
      const card = await newest(actor, `a card of ${code}`, (seen) => seen.kind === 'card' && isAbout(seen, code))
      const label = (await sees(actor, code)).card.actions.find((one) => partsOf(one).command === command)?.label
      if (label === undefined || !card.actions.includes(label) || card.links.includes(label)) return onPage(actor, code, command)
      note({})
      const before = (await world.get<{ now: number }>('/clock')).now
      const pressed = await actor.presses(label, {}, card.id)
      expect(pressed.status, JSON.stringify(pressed)).toBe('answered')
      // Doors that have no words in their answer repaint the card, or say it in a message.
      const said = (await actor.sees()).findLast(({ kind, sentAt }) => kind === 'text' && sentAt >= before)?.text
      return pressed.toast?.text ?? said ?? `${pressed.card?.title ?? ''}\n${pressed.card?.text ?? ''}`
    },
    offers: async (actor, code, command) =>
      (await sees(actor, code)).card.actions.some((one) => partsOf(one).command === command),
    setsPin: async (actor) => {
      await actor.says('设置签名口令')
      const page = await openPage(actor, 'the PIN', () => true)
      await pressOn(page, 'setPin', { pin, again: pin })
    },
  }
}
