import type { Seen } from '../../sandbox/contract.ts'
import type { Plan } from '../support/proxy.ts'
import { asking, casesSaying, complaintsOf } from './ledger.ts'
import type { Rig } from './rig.ts'

const welder = 'zhang-wei'
const teamLead = 'li-na'
const deptHead = 'wang-qiang'

/** What one person must have seen by the end: one card, with this title and these facts. */
type Expected = Readonly<Record<string, { readonly title: string; readonly facts: Readonly<Record<string, string>> }>>

/** A story short enough to be told once for each of its messages. People act again only when their platform told them that it did not work. */
export type Story = {
  readonly name: string
  readonly play: (stage: Stage) => Promise<void>
  readonly expects: Expected
  /** Brings the case to rest afterwards, so that it says nothing in the stories that follow. */
  readonly after: (stage: Stage) => Promise<void>
}

export type Stage = {
  readonly rig: Rig
  readonly words: string
  /** What somebody has been shown since the story began. */
  readonly news: (person: string) => Promise<readonly Seen[]>
}

const patience = 8

/** Cases of earlier tellings go on by their own clocks; what they say meanwhile is theirs. */
const codesIn = ({ title, text, facts }: Seen): readonly string[] =>
  `${title}\n${text}\n${facts.flat().join('\n')}`.match(/YH-[A-Z0-9]{3,6}-\d{8}-\d{4,9}-[0-9A-Z]/g) ?? []

/** The card that a person waits for. What the platform had to put off comes within the minutes that pass. */
const cardOf = async ({ rig, news }: Stage, person: string, title: string): Promise<Seen> => {
  for (let tries = 0; tries < patience; tries += 1) {
    await rig.recovered()
    await rig.settles()
    const card = (await news(person)).find((seen) => seen.title.includes(title))
    if (card) return card
    await rig.passes(1)
  }
  throw new Error(`lost: ${person} never saw «${title}»`)
}

const pressed = async ({ rig }: Stage, card: Seen, label: string): Promise<void> => {
  for (let tries = 0; tries < patience; tries += 1) {
    const { status } = await rig.presses(teamLead, card.id, label)
    await rig.recovered()
    if (status === 'answered') return
  }
  throw new Error(`lost: the press on ${label} was never answered`)
}

/** 接单, and the work begun: a yellow case climbs on until somebody works on it. */
const accept = async (stage: Stage): Promise<void> => {
  const card = await cardOf(stage, teamLead, '隐患待处理')
  await pressed(stage, card, '接单')
  for (let tries = 0; tries < patience; tries += 1) {
    const now = (await stage.rig.sees(teamLead)).find(({ id }) => id === card.id)
    const label = now?.actions.find((one) => /^上传整改.?照片$/.test(one))
    if (now && label) return pressed(stage, now, label)
    await stage.rig.passes(1)
    await stage.rig.recovered()
  }
  throw new Error('lost: the card never offered the work')
}

const report = async ({ rig, words }: Stage): Promise<void> => {
  await rig.says(welder, words)
  await rig.recovered()
}

const accepted = { 状态: '整改中', 责任人: '李娜' }
const waiting = { 状态: '待处理' }

export const stories: readonly Story[] = [
  {
    name: 'reported and taken',
    play: async (stage) => {
      await report(stage)
      await accept(stage)
    },
    expects: {
      [welder]: { title: '隐患已上报', facts: accepted },
      [teamLead]: { title: '隐患', facts: accepted },
    },
    after: async () => {},
  },
  {
    name: 'reported and taken by nobody',
    play: async (stage) => {
      await report(stage)
      await cardOf(stage, teamLead, '隐患待处理')
      await stage.rig.passes(120)
      await stage.rig.recovered()
    },
    expects: {
      [welder]: { title: '隐患已上报', facts: waiting },
      [teamLead]: { title: '隐患待处理', facts: waiting },
      [deptHead]: { title: '隐患待处理', facts: waiting },
    },
    after: async (stage) => {
      await accept(stage)
      await stage.rig.settles()
    },
  },
]

export type Told = {
  readonly struck: string | null
  readonly messages: readonly string[]
  readonly complaints: readonly string[]
}

const wrongSights = async ({ news, rig }: Stage, expects: Expected): Promise<readonly string[]> => {
  const found: string[] = []
  for (const person of await rig.everybody()) {
    const seen = await news(person)
    const wanted = expects[person]
    const all = seen.map(({ title, text }) => `«${title || text}»`).join(' ') || 'nothing'
    if (seen.length !== (wanted ? 1 : 0)) found.push(`${person} should see ${wanted ? 1 : 0} but sees ${all}`)
    const facts = new Map(seen[0]?.facts)
    const wrong =
      wanted &&
      seen[0] &&
      (!seen[0].title.includes(wanted.title) || Object.entries(wanted.facts).some(([name, value]) => facts.get(name) !== value))
    if (wrong) found.push(`${person} sees ${all} with ${JSON.stringify(seen[0]?.facts)}`)
  }
  return found
}

let told = 0

/** Tells a story once, kills the service where the plan says, and gives what is wrong afterwards on the phones and in the books. */
export const tell = async (rig: Rig, story: Story, plan: Plan | null): Promise<Told> => {
  told += 1
  const known = new Map<string, ReadonlySet<string>>()
  const earlier = new Set<string>()
  for (const person of await rig.everybody()) {
    const seen = await rig.sees(person)
    known.set(person, new Set(seen.map(({ id }) => id)))
    for (const code of seen.flatMap(codesIn)) earlier.add(code)
  }
  const words = `${told}号塔架地面有油，第${told}处`
  // Another world of the same sandbox may give the same code anew.
  const isOfEarlier = (seen: Seen): boolean =>
    !`${seen.title}${seen.text}`.includes(words) && codesIn(seen).some((code) => earlier.has(code))
  const news: Stage['news'] = async (person) =>
    (await rig.sees(person)).filter((seen) => !known.get(person)?.has(seen.id) && !isOfEarlier(seen))
  // A place of its own for each telling: the third hazard of a kind at one place is a repeated one, and more people hear of it.
  const stage: Stage = { rig, words, news }
  const complaints: string[] = []
  const trying = async (act: () => Promise<void>): Promise<void> =>
    act().catch((error: unknown) => void complaints.push(error instanceof Error ? error.message : String(error)))
  rig.wires.arm(plan)
  await trying(() => story.play(stage))
  await trying(async () => {
    await rig.recovered()
    await rig.settles()
  })
  const messages = rig.wires.disarm()
  const struck = rig.wires.struck()
  await trying(async () => {
    await rig.recovered()
    await rig.passes(3)
  })
  const cases = await asking(rig.books(), (client) => casesSaying(client, stage.words))
  if (cases !== 1) complaints.push(`one report opened ${cases} cases`)
  complaints.push(...(await wrongSights(stage, story.expects)), ...(await complaintsOf(rig.books())))
  await trying(() => story.after(stage))
  return { struck, messages, complaints }
}
