import type pg from 'pg'
import type { Seen } from '../../sandbox/contract.ts'
import type { Deeds } from './acts.ts'
import type { Fleet } from './fleet.ts'
import { asking, complaintsOf } from './ledger.ts'

/** What a run came to. Each complaint is one thing lost, doubled or wrong in the books. */
export type Reckoning = {
  readonly arrivals: number
  readonly effects: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly wrong: readonly string[]
  /** Reports that a platform never got through: it gave up trying, as DingTalk and WeCom do soon. */
  readonly undelivered: readonly string[]
}

type Case = { readonly code: string; readonly status: string; readonly state: string }
type Sent = { readonly person: string; readonly n: number }

const cases = async (client: pg.Client): Promise<readonly Case[]> =>
  (await client.query<Case>(`select code, status, state from subject where workflow = 'hazard'`)).rows

/**
 * Messages that the ledger says were shown, by person. WeCom shows the same words once, however often they are sent (duplicate check, doc 90236): two texts
 * of one second with the same words are one.
 */
const sentTo = async (client: pg.Client): Promise<ReadonlyMap<string, number>> => {
  const { rows } =
    await client.query<Sent>(`select a.person, count(distinct case when d.connection = 'wecom-demo' and e.kind = 'text'
      then e.payload || date_trunc('second', e.created_at)::text else e.id end)::int as n from effect e
    join delivery d on d.site = e.site and d.effect = e.id and d.outcome = 'done'
    join account a on a.connection = d.connection and a.account = d.account
    where e.kind in ('card', 'plainCard', 'text') group by a.person`)
  return new Map(rows.map(({ person, n }) => [person, n]))
}

const isRing = ({ title, text }: Seen): boolean => `${title}${text}`.includes('应用内DING')
const isMarked = ({ title, text }: Seen): boolean => title.startsWith('【重发】') || text.startsWith('【重发】')

/** One line for each message of a person on both sides, for whoever must find out what happened. */
const sidesOf = async (fleet: Fleet, person: string): Promise<string> => {
  const seen = (await fleet.sees(person)).map(
    ({ id, title, text, sentAt }) => `seen ${new Date(sentAt).toISOString()} ${id} ${title || text.slice(0, 40)}`,
  )
  const { rows } = await asking(fleet.books, (client) =>
    client.query<{ line: string }>(
      `select concat_ws(' ', 'sent', to_char(e.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS'), e.id, e.kind, e.state, e.message, e.attempts || ' tries', e.error,
        (select string_agg(d.outcome || '@' || to_char(d.at at time zone 'utc', 'HH24:MI:SS'), ',' order by d.attempt) from delivery d where d.effect = e.id)) as line
      from effect e join account a on a.person = $1 where e.person = $1 or (e.connection = a.connection and e.account = a.account) order by e.created_at`,
      [person],
    ),
  )
  return [...seen, ...rows.map(({ line }) => line)].join('\n    ')
}

/** Phones against the ledger: everything that was sent is seen, and nothing is seen twice unless it says so. */
const compare = async (fleet: Fleet, sent: ReadonlyMap<string, number>): Promise<Pick<Reckoning, 'lost' | 'doubled'>> => {
  const lost: string[] = []
  const doubled: string[] = []
  for (const person of await fleet.everybody()) {
    const seen = (await fleet.sees(person)).filter((one) => !isRing(one))
    const unmarked = seen.filter((one) => !isMarked(one)).length
    const wanted = sent.get(person) ?? 0
    const sides = seen.length < wanted || unmarked > wanted ? `\n    ${await sidesOf(fleet, person)}` : ''
    if (seen.length < wanted) lost.push(`${person} was sent ${wanted} messages and sees ${seen.length}${sides}`)
    if (unmarked > wanted) doubled.push(`${person} was sent ${wanted} messages and sees ${unmarked} without a mark${sides}`)
  }
  return { lost, doubled }
}

/** Feishu delivers again for more than seven hours (事件订阅概述, May 2026), so that nothing of it may be missing in the end. */
const onFeishu = async (fleet: Fleet): Promise<ReadonlySet<string>> => {
  const people = await fleet.get<{ id: string; platform: string }[]>('/people')
  return new Set(people.filter(({ platform }) => platform === 'feishu').map(({ id }) => id))
}

const untaken = new Set(['reported', 'triaged'])

export const reckon = async (fleet: Fleet, deeds: Deeds): Promise<Reckoning> => {
  const { all, sent, effects } = await asking(fleet.books, async (client) => ({
    all: await cases(client),
    sent: await sentTo(client),
    effects: (await client.query<{ n: number }>('select count(*)::int as n from effect')).rows[0]?.n ?? 0,
  }))
  const wrong = await complaintsOf(fleet.books)
  const { lost, doubled } = await compare(fleet, sent)
  const holding = (token: string): readonly Case[] => all.filter(({ state }) => state.includes(token))
  const missing = deeds.reports.filter(({ token }) => holding(token).length === 0)
  const patient = await onFeishu(fleet)
  const vanished = missing.filter(({ token, person }) => deeds.acknowledged.has(token) || patient.has(person))
  const forgotten = deeds.taken.filter(({ token }) => holding(token).some(({ status }) => untaken.has(status)))
  const twice = deeds.reports.filter(({ token }) => holding(token).length > 1)
  const dead = fleet.replicas
    .filter(({ service }) => !service.running())
    .map(({ service }) => `a replica ended: ${service.said()}`)
  return {
    arrivals: deeds.reports.length + deeds.presses,
    effects,
    lost: [
      ...lost,
      ...vanished.map(
        ({ token, person }) => `the report ${token} of ${person} was acknowledged, or sent again for hours, and is nowhere`,
      ),
      ...forgotten.map(({ token, person }) => `${person} was shown that ${token} is taken, and it is not`),
    ],
    doubled: [...doubled, ...twice.map(({ token }) => `the report ${token} opened more than one case`)],
    wrong: [...wrong, ...dead],
    undelivered: missing.filter((one) => !vanished.includes(one)).map(({ token, person }) => `${token} of ${person}`),
  }
}
