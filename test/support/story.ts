import { describe, expect, test } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { type Arrangement, arrangementName, openWorld, type World, type WorldOptions } from './world.ts'

/** The cast of the demo plant, by the part they play in stories. */
const cast = {
  welder: 'zhang-wei',
  teamLead: 'li-na',
  deptHead: 'wang-qiang',
  director: 'chen-jing',
  safetyDirector: 'zhao-min',
  officerA: 'liu-yang',
  officerB: 'sun-li',
  areaOwner: 'zhou-jie',
  operator: 'wu-gang',
  operator2: 'zheng-hao',
  electrician: 'feng-xue',
  contractorWelder: 'han-bing',
  contractorLead: 'qian-feng',
  administrator: 'tang-ning',
  newHire: 'lin-xia',
  leadOne: 'jiang-tao',
  leadTwo: 'yang-guang',
  leadElectric: 'xu-lei',
  principal: 'he-ping',
  visitor: 'visitor',
} as const

export type Part = keyof typeof cast

export type Pressed = {
  readonly toast: { readonly tone: string; readonly text: string } | null
  readonly card: Seen | null
  readonly status: string
}
type Wanted = {
  readonly tone?: string
  readonly actions?: readonly string[]
  readonly facts?: Readonly<Record<string, string | RegExp>>
  readonly text?: string | RegExp
}

export type Actor = {
  readonly id: string
  /** `more` may name another of the person's platforms: `{ platform }`. */
  readonly says: (text: string, more?: object) => Promise<void>
  readonly sendsPhoto: (sample: string, text?: string, more?: object) => Promise<void>
  readonly sends: (body: object) => Promise<void>
  readonly presses: (label: string, form?: Readonly<Record<string, string>>, message?: string) => Promise<Pressed>
  readonly enters: () => Promise<void>
  /** What hangs in the chat now, the person's own words left out. */
  readonly sees: () => Promise<readonly Seen[]>
  /** The newest message with this title, which counts as looked at from now on. Fails when there is none or it is not as wanted. */
  readonly seesCard: (title: string | RegExp, wanted?: Wanted) => Promise<Seen>
  readonly seesText: (words: string | RegExp) => Promise<Seen>
  /** Some doors say in words what others say by changing a card: looks at such words where there are any. */
  readonly mayHear: (words: string | RegExp) => Promise<void>
  /** Nobody has sent anything that this story has not looked at. */
  readonly seesNothingElse: () => Promise<void>
}

export type Stage = {
  readonly world: World
  readonly people: Readonly<Record<Part, Actor>> & { readonly everyone: { readonly seesNothingElse: () => Promise<void> } }
  readonly clock: {
    readonly passes: (milliseconds: number) => Promise<void>
    readonly jumps: (milliseconds: number) => Promise<void>
  }
  readonly settles: () => Promise<void>
  readonly fault: (fault: object) => Promise<void>
  readonly noFaults: () => Promise<void>
}

const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)

/** DingTalk rings with a message of its own (DING); the other platforms ring the card itself. */
const isRing = (title: string, text: string): boolean => `${title}${text}`.includes('应用内DING')

const createActor = (id: string, world: World, looked: Set<string>, settles: () => Promise<void>): Actor => {
  const sees = async (): Promise<readonly Seen[]> =>
    (await world.get<Seen[]>(`/people/${id}/sees`)).filter(({ from, text, title }) => from === 'bot' && !isRing(title, text))
  /** The platform may have put a message or a repaint off for some seconds because of its own limits; a person waits for it. */
  const waits = async (): Promise<void> => {
    await world.post('/clock/advance', { minutes: 0.2 })
    await settles()
  }
  const newest = async (what: string, fits: (seen: Seen) => boolean): Promise<Seen> => {
    let all = await sees()
    if (!all.some(fits)) {
      await waits()
      all = await sees()
    }
    const found = all.findLast(fits)
    if (!found)
      throw new Error(
        `${id} does not see ${what}, but: ${all.map((one) => `${one.kind} «${one.title || one.text}»`).join(', ') || 'nothing'}`,
      )
    for (const one of all) if (fits(one)) looked.add(`${id}/${one.id}`)
    return found
  }
  return {
    id,
    sees,
    says: async (text, more = {}) => {
      await world.post(`/people/${id}/says`, { text, ...more })
      await settles()
    },
    sendsPhoto: async (sample, text = '', more = {}) => {
      await world.post(`/people/${id}/sends`, { kind: 'photo', sample, ...(text ? { text } : {}), ...more })
      await settles()
    },
    sends: async (body) => {
      await world.post(`/people/${id}/sends`, body)
      await settles()
    },
    enters: async () => {
      await world.post(`/people/${id}/enters`)
      await settles()
    },
    presses: async (label, form, message) => {
      const press = (): Promise<Pressed> =>
        world.post<Pressed>(`/people/${id}/presses`, { label, ...(form ? { form } : {}), ...(message ? { message } : {}) })
      const pressed = await press().catch(async (error: unknown) => {
        if (!(error instanceof Error && error.message.includes('no-such-button'))) throw error
        await waits()
        return press()
      })
      await settles()
      return pressed
    },
    seesCard: async (title, wanted = {}) => {
      const seen = await newest(`a card «${title}»`, (one) => one.kind === 'card' && matches(one.title, title))
      if (wanted.tone) expect(seen.tone, `tone of «${title}» at ${id}`).toBe(wanted.tone)
      for (const action of wanted.actions ?? []) expect(seen.actions, `buttons of «${title}» at ${id}`).toContain(action)
      if (wanted.text) expect(matches(seen.text, wanted.text), `${seen.text} should say ${wanted.text}`).toBe(true)
      const facts = new Map(seen.facts)
      for (const [label, value] of Object.entries(wanted.facts ?? {}))
        expect(matches(facts.get(label) ?? '', value), `${label}: ${facts.get(label)} should be ${value}`).toBe(true)
      return seen
    },
    seesText: (words) => newest(`the words «${words}»`, (one) => one.kind === 'text' && matches(one.text, words)),
    mayHear: async (words) => {
      for (const one of await sees()) if (one.kind === 'text' && matches(one.text, words)) looked.add(`${id}/${one.id}`)
    },
    seesNothingElse: async () => {
      const others = (await sees()).filter((one) => !looked.has(`${id}/${one.id}`))
      expect(others.map((one) => `${id}: ${one.kind} «${one.title || one.text}»`)).toEqual([])
    },
  }
}

export type StageOptions = Omit<WorldOptions, 'arrangement'>

export const openStage = async (arrangement: Arrangement, options: StageOptions = {}): Promise<Stage> => {
  const world = await openWorld({ arrangement, ...options })
  const looked = new Set<string>()
  const settles = async (): Promise<void> => {
    const { settled, waiting } = await world.post<{ settled: boolean; waiting: string[] }>('/settle')
    if (!settled) throw new Error(`not settled: ${waiting.join(', ')}`)
  }
  const people = Object.fromEntries(
    Object.entries(cast).map(([part, id]) => [part, createActor(id, world, looked, settles)]),
  ) as Record<Part, Actor>
  const minutes = (milliseconds: number): number => milliseconds / 60_000
  return {
    world,
    people: {
      ...people,
      everyone: {
        seesNothingElse: async () => {
          await settles()
          for (const actor of Object.values(people)) await actor.seesNothingElse()
        },
      },
    },
    clock: {
      passes: async (milliseconds) => {
        const { settled, waiting } = await world.post<{ settled: boolean; waiting: string[] }>('/clock/advance', {
          minutes: minutes(milliseconds),
        })
        if (!settled) throw new Error(`not settled: ${waiting.join(', ')}`)
      },
      jumps: async (milliseconds) => void (await world.post('/clock/jump', { minutes: minutes(milliseconds) })),
    },
    settles,
    fault: async (fault) => void (await world.post('/faults', fault)),
    noFaults: async () => void (await fetch(`${world.sandbox.url}/faults`, { method: 'DELETE' })),
  }
}

/** Plays a story under each arrangement. Every story ends with "nothing else happened", which it says itself. */
export const story = (
  name: string,
  arrangements: readonly Arrangement[],
  play: (stage: Stage) => Promise<void>,
  options: StageOptions = {},
): void => {
  describe(name, () => {
    for (const arrangement of arrangements) {
      test(arrangementName(arrangement), async () => {
        const stage = await openStage(arrangement, options)
        try {
          await play(stage)
        } finally {
          await stage.world.close()
        }
      })
    }
  })
}
