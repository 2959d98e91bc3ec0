/**
 * Permits whose work goes on, with a card in the chat of each of their six people, two on each platform. One permit is brought to its work by every step that people take, under
 * the engine's own fold; what that leaves (state, places in the index) is then copied under other names and moved to the present. Journals are not copied: the engine writes on
 * from a case's revision and head. Cards are not copied at all: the service itself sends them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatCode } from '../../src/rules/code.ts'
import { morning, permitAt } from '../unit/permit-desk.ts'
import { credentials, type PlatformName, platforms } from './plant.ts'
import type { Service } from './service.ts'
import type { Stage } from './stage.ts'

export const database = 'stop'
const site = 'SH01'

/** Who in the crowd of the bench plays each part of a permit: on which platform, and whether from the first or the second half of its workers. */
const crew: Readonly<Record<string, { readonly platform: PlatformName; readonly half: 0 | 1 }>> = {
  wang: { platform: 'feishu', half: 0 },
  chen: { platform: 'feishu', half: 1 },
  welder: { platform: 'dingtalk', half: 0 },
  guard: { platform: 'dingtalk', half: 1 },
  fitter: { platform: 'wecom', half: 0 },
  guard2: { platform: 'wecom', half: 1 },
}
const crewSize = Object.keys(crew).length
/** Those above a job are people of the demo's plant. */
const signers = { areaOwner: 'zhou-jie', officerA: 'liu-yang', analyst: 'cao-yan', prodLead: 'jiang-tao' } as const
const areas = ['pump-3', 'tank-a', 'workshop-2', 'substation', 'yard'] as const

export const subjectOf = (n: number): string => `per_${String(n).padStart(25, '0')}`
export const codeOf = (n: number): string => formatCode('ZY', site, morning.slice(0, 10).replaceAll('-', ''), 1_000 + n)

const personIn = (part: string, n: number, half: number): string => {
  const played = crew[part]
  return played ? `worker-${played.platform}-${n + played.half * half}` : part
}

const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g

/** A person's id as a value of JSON, or of JSON that stands inside JSON; never the name of a field. */
const wholeName = (id: string): RegExp => new RegExp(`(\\\\?)"${id}\\1"(?!:)`, 'g')

type Copy = { readonly state: string; readonly index: string; readonly people: readonly string[] }

/** The template as permit `n`: other people, another code and area, and every instant moved by so many milliseconds. */
const copyOf = (template: ReturnType<typeof permitAt>, n: number, half: number, moved: number): Copy => {
  const names = [...Object.keys(crew).map((part) => [part, personIn(part, n, half)] as const), ...Object.entries(signers)]
  const area = areas[n % areas.length] ?? areas[0]
  const renamed = (text: string): string =>
    names
      .reduce((so, [from, to]) => so.replace(wholeName(from), `$1"${to}$1"`), text)
      .replaceAll(template.subject, subjectOf(n))
      .replaceAll(template.state().code, codeOf(n))
      .replaceAll('pump-3', area)
      .replace(instant, (at) => new Date(new Date(at).getTime() + moved).toISOString())
  return {
    state: renamed(JSON.stringify(template.state())),
    index: renamed(JSON.stringify(template.index())),
    people: Object.keys(crew).map((part) => personIn(part, n, half)),
  }
}

const insert = (stage: Stage, table: string, rows: readonly object[]): Promise<readonly unknown[]> =>
  stage.postgres.query(
    database,
    `insert into ${table} select * from json_populate_recordset(null::${table}, $bench$${JSON.stringify(rows)}$bench$::json)`,
  )

/** Long after the run: nothing but a press may stop the work. */
const quiet = 3 * 3_600_000

const makePermits = async (stage: Stage, service: Service, count: number): Promise<void> => {
  const template = permitAt('active')
  const at = Date.now() + service.offset()
  const half = Math.floor(stage.settings.messages / 2)
  const copies = Array.from({ length: count }, (_, n) => copyOf(template, n, half, at - new Date(morning).getTime()))
  const now = new Date(at).toISOString()
  const dated = { opened_at: now, changed_at: now }
  const head = String(template.journal().at(-1)?.hash ?? '')
  const of = { site, workflow: 'permit', status: 'active', open: true, revision: template.revision(), head }
  await insert(
    stage,
    'subject',
    copies.map(({ state, people }, n) => ({ ...of, ...dated, id: subjectOf(n), code: codeOf(n), state, owner: people[0] })),
  )
  const rows = copies.flatMap(({ index }, n) =>
    (JSON.parse(index) as readonly object[]).map((row) => ({ ...row, site, subject: subjectOf(n) })),
  )
  await insert(stage, 'subject_index', rows)
  const watch = { site, tag: 'watch', tries: 0, due_at: new Date(at + quiet).toISOString() }
  const command = JSON.stringify({ workflow: 'permit', command: { type: 'watch' } })
  await insert(
    stage,
    'deadline',
    copies.map((_, n) => ({ ...watch, command, subject: subjectOf(n), id: `ddl_${String(n).padStart(25, '0')}` })),
  )
  await stage.postgres.query(database, 'vacuum analyze')
  await insert(stage, 'effect', copies.flatMap(cardsOf(template.revision(), now)))
}

/** A card that only shows, for each person of a permit. */
const cardsOf =
  (revision: number, now: string) =>
  ({ people }: Copy, n: number): readonly object[] =>
    people.map((person, k) => ({
      ...{ site, id: `eff_${String(n * crewSize + k).padStart(25, '0')}`, subject: subjectOf(n), revision, kind: 'card', person },
      payload: JSON.stringify({ duty: null, ring: false, own: true }),
      ...{ urgent: false, due_at: now, created_at: now, state: 'waiting', attempts: 0, maybe_sent: false, fence: 0 },
    }))

/** A card that hangs in a chat. */
export type Hung = {
  readonly revision: number
  readonly n: number
  readonly platform: PlatformName
  readonly account: string
  readonly message: string
}

const platformOf = (connection: string): PlatformName => {
  const found = platforms.find((one) => credentials[one].id === connection)
  if (!found) throw new Error(`no platform of the bench has the connection ${connection}`)
  return found
}
const numberOf = (subject: string): number => Number(subject.slice(4))

type CardRow = {
  readonly subject: string
  readonly connection: string
  readonly account: string
  readonly message: string
  readonly drawn_rev: number
}

/** Makes so many permits and waits until all their cards hang. Throws when some do not within five minutes. */
export const hangPermits = async (stage: Stage, service: Service, count: number): Promise<readonly Hung[]> => {
  await makePermits(stage, service, count)
  for (let tries = 0; tries < 600; tries += 1) {
    const rows = await stage.postgres.query<CardRow>(
      database,
      'select subject, connection, account, message, drawn_rev from live_card',
    )
    if (rows.length === count * crewSize) {
      await service.settled(60_000)
      return rows.map(({ subject, connection, drawn_rev, ...card }) => ({
        ...card,
        revision: drawn_rev,
        n: numberOf(subject),
        platform: platformOf(connection),
      }))
    }
    await sleep(500)
  }
  throw new Error('the cards of the permits do not hang')
}

export type Called = { readonly n: number; readonly platform: PlatformName; readonly account: string }

/** Whom the stops so far call, by the engine's own rows, sent or not. */
export const calledBy = async (stage: Stage): Promise<readonly Called[]> => {
  const rows = await stage.postgres.query<Pick<CardRow, 'subject' | 'connection' | 'account'>>(
    database,
    `select e.subject, a.connection, a.account from effect e join account a on a.site = e.site and a.person = e.person
      where e.kind = 'card' and e.payload like '%"duty":"stopped"%'`,
  )
  return rows.map(({ subject, connection, account }) => ({ account, n: numberOf(subject), platform: platformOf(connection) }))
}
