/** What the tour does with the people of the plant, through the sandbox's control API alone. */
import type { PressResult, Seen } from '../sandbox/contract.ts'
import type { Call } from '../sandbox/integrations.ts'
import { type Api, createApi, NotAsWritten } from './tour-api.ts'
import { type Page, pageAt, type Shown } from './tour-pages.ts'
import { office, positionText } from './tour-permit-forms.ts'

/** How a card should look. Values may be parts of what stands there. */
export type Look = {
  /** The code of the case that the card is about. */
  readonly about?: string
  readonly tone?: string
  readonly facts?: Readonly<Record<string, string | RegExp>>
  readonly actions?: readonly string[]
  /** Buttons that must not be there. */
  readonly without?: readonly string[]
  readonly text?: string | RegExp
  readonly pictures?: number
}
export type Press = { readonly about?: string; readonly form?: Readonly<Record<string, string>> }
/** `argument` tells buttons of one label apart by what they answer themselves. */
export type PagePress = Press & { readonly argument?: string }

/** A person with their phone: `says`, `sends` and `presses` act and wait until everything is quiet; the others look. */
export type Phone = {
  readonly name: string
  readonly says: (text: string) => Promise<void>
  readonly sends: (sample: string, text?: string) => Promise<void>
  /** The same on the page of the newest card about this case; of the newest card at all where no case is named. */
  readonly turns: (label: string, press?: PagePress) => Promise<string>
  readonly reads: (about: string) => Promise<Shown>
  /** Gives what the press was answered with. */
  readonly presses: (label: string, press?: Press) => Promise<string>
  readonly sees: (title: string, look?: Look) => Promise<Seen>
  readonly hears: (words: string | RegExp) => Promise<Seen>
  /** Everything since the scene began. */
  readonly all: () => Promise<readonly Seen[]>
}

export type Tour = {
  /** A person of the plant by name. */
  readonly phone: (name: string) => Phone
  readonly phones: () => Promise<readonly Phone[]>
  readonly forward: (minutes: number) => Promise<void>
  readonly alarm: (source: string, body: object, nonce?: string) => Promise<{ readonly status: number; readonly answer: unknown }>
  /** What a phone says of where it stands now: an area by its id, or `office`. */
  readonly position: (area: string) => Promise<string>
  readonly now: () => Promise<number>
  /** What systems outside were told since the scene began. */
  readonly calls: () => Promise<readonly Call[]>
  /** Everything that was sent before now belongs to earlier scenes. */
  readonly begin: () => Promise<void>
  /** Messages that were compared with the script so far. */
  readonly looked: () => number
}

const say = (seen: Seen): string =>
  seen.kind === 'card' ? `«${seen.title}»` : `“${seen.text.replaceAll('\n', ' ').slice(0, 60)}”`
const has = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)

/** Every word of a card, wherever the platform puts it. */
const wordsOf = ({ title, text, facts }: Seen): string => `${title}\n${text}\n${facts.flat().join('\n')}`
const isAbout = (seen: Seen, about = ''): boolean => about === '' || seen.text.split('\n').includes(about)

/** Where a platform has no card without buttons, it comes as words: the title, then a line each fact. */
const titleOf = ({ kind, title, text }: Seen): string => (kind === 'card' ? title : (text.split('\n')[0] ?? ''))
const factsOf = ({ kind, facts, text }: Seen): ReadonlyMap<string, string> =>
  new Map(
    kind === 'card'
      ? facts
      : text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
          const at = line.indexOf('：')
          return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]]
        }),
  )

/** What differs between a card and how it should look; empty when nothing does. */
const differences = (seen: Seen, look: Look): readonly string[] => {
  const facts = factsOf(seen)
  return [
    ...(look.tone === undefined || look.tone === seen.tone ? [] : [`is ${seen.tone}, not ${look.tone}`]),
    ...Object.entries(look.facts ?? {}).flatMap(([label, wanted]) =>
      has(facts.get(label) ?? '', wanted) ? [] : [`${label} is “${facts.get(label) ?? ''}”, not ${wanted}`],
    ),
    ...(look.actions ?? []).flatMap((label) => (seen.actions.includes(label) ? [] : [`has no button ${label}`])),
    ...(look.without ?? []).flatMap((label) => (seen.actions.includes(label) ? [`still has the button ${label}`] : [])),
    ...(look.text === undefined || has(wordsOf(seen), look.text) ? [] : [`does not say ${look.text}`]),
    ...((look.pictures ?? 0) <= seen.images.length ? [] : [`shows ${seen.images.length} pictures, not ${look.pictures}`]),
  ]
}

/** Nobody's thumb is faster than this, in minutes: platforms limit how fast one chat may be written to, and what they put off comes meanwhile. */
const breath = 10 / 60

type Quiet = { readonly settled: boolean; readonly waiting: readonly string[] }
const expectQuiet = ({ settled, waiting }: Quiet): void => {
  if (!settled) throw new NotAsWritten(`not quiet: ${waiting.join(', ')}`)
}

type Parts = Api & { readonly since: () => number; readonly count: () => void; readonly pages: Map<string, Page> }
type Linked = Seen & { readonly links: readonly string[] }

const createPhone = (name: string, { get, post, since, count, pages }: Parts): Phone => {
  const at = `/people/${encodeURIComponent(name)}`
  const settle = async (): Promise<void> => expectQuiet(await post<Quiet>('/clock/advance', { minutes: breath }))
  const all = async (): Promise<readonly Seen[]> =>
    (await get<readonly Seen[]>(`${at}/sees`)).filter(
      ({ from, sentAt, updatedAt }) => from === 'bot' && Math.max(sentAt, updatedAt ?? 0) >= since(),
    )
  const newest = async (what: string, fits: (seen: Seen) => boolean): Promise<Seen> => {
    const messages = await all()
    const found = messages.findLast(fits)
    if (!found) throw new NotAsWritten(`${name} does not see ${what}, but ${messages.map(say).join(', ') || 'nothing'}`)
    count()
    return found
  }
  const act = async (path: string, body: object): Promise<void> => {
    await post(`${at}/${path}`, body)
    await settle()
  }
  /** A link opens once, and whoever has opened it stays signed in. */
  const pageOf = async (about = ''): Promise<Page> => {
    const known = about === '' ? undefined : pages.get(`${name} ${about}`)
    if (known) return known
    const cards = (await get<readonly Linked[]>(`${at}/sees`)).filter(
      ({ from, links, recalled }) => from === 'bot' && links.length > 0 && !recalled,
    )
    const card = cards.findLast((seen) => isAbout(seen, about))
    if (!card) throw new NotAsWritten(`${name} sees no card of ${about} that opens a page`)
    const page = pageAt(await post(`${at}/opens`, { message: card.id, label: card.links[0] ?? '' }))
    if (about !== '') pages.set(`${name} ${about}`, page)
    return page
  }
  return {
    name,
    all,
    turns: async (button, { about, form = {}, argument } = {}) => {
      const page = await pageOf(about)
      const words = await page.press({ button, form, ...(argument === undefined ? {} : { argument }) })
      await settle()
      return words
    },
    reads: async (about) => {
      count()
      return (await pageOf(about)).look()
    },
    says: (text) => act('says', { text }),
    sends: (sample, text) => act('sends', { kind: 'photo', sample, ...(text === undefined ? {} : { text }) }),
    presses: async (label, { about, form = {} } = {}) => {
      const card = await newest(`a card with ${label}`, (seen) => seen.actions.includes(label) && isAbout(seen, about))
      const { toast, card: after, status } = await post<PressResult>(`${at}/presses`, { label, message: card.id, form })
      if (status !== 'answered') throw new NotAsWritten(`${name} presses ${label}: ${status}`)
      await settle()
      return `${toast?.text ?? ''}\n${after ? wordsOf(after) : ''}`
    },
    sees: async (title, look = {}) => {
      const seen = await newest(
        `a card «${title}»${look.about ? ` of ${look.about}` : ''}`,
        (one) => titleOf(one) === title && isAbout(one, look.about),
      )
      const wrong = differences(seen, look)
      if (wrong.length > 0) throw new NotAsWritten(`«${title}» of ${name} ${wrong.join('; ')}`)
      return seen
    },
    hears: (words) => newest(`the words ${words}`, (seen) => seen.kind === 'text' && has(seen.text, words)),
  }
}

/** The tour over a running sandbox. Nothing but its control API is used. */
export const createTour = (url: string): Tour => {
  const api = createApi(url)
  let since = 0
  let calls = 0
  let looked = 0
  const parts: Parts = {
    ...api,
    pages: new Map(),
    since: () => since,
    count: () => {
      looked += 1
    },
  }
  const settle = async (): Promise<void> => expectQuiet(await api.post<Quiet>('/clock/advance', { minutes: breath }))
  return {
    phone: (name) => createPhone(name, parts),
    phones: async () =>
      (await api.get<readonly { readonly name: string }[]>('/people')).map(({ name }) => createPhone(name, parts)),
    now: async () => (await api.get<{ readonly now: number }>('/clock')).now,
    position: async (area) => {
      const { areas } = await api.get<{ areas: readonly { id: string; center: { lat: number; lng: number } }[] }>('/plant')
      const center = areas.find(({ id }) => id === area)?.center ?? office
      return positionText(center, (await api.get<{ readonly now: number }>('/clock')).now)
    },
    forward: async (minutes) => expectQuiet(await api.post<Quiet>('/clock/advance', { minutes })),
    alarm: async (source, body, nonce) => {
      const answer = await api.post<{ status: number; answer: unknown }>(
        `/alarms/${source}${nonce === undefined ? '' : `?nonce=${nonce}`}`,
        body,
      )
      await settle()
      return answer
    },
    calls: async () => (await api.get<readonly Call[]>('/calls')).filter(({ id }) => id > calls),
    begin: async () => {
      expectQuiet(await api.post<Quiet>('/clock/advance', { minutes: 2 }))
      since = (await api.get<{ readonly now: number }>('/clock')).now
      calls = (await api.get<readonly Call[]>('/calls')).at(-1)?.id ?? 0
    },
    looked: () => looked,
  }
}
