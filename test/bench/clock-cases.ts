/**
 * Cases whose clocks strike when a row wants them to. One report from each crew goes through the service's own door; what that leaves (state, places in the index, deadlines)
 * is then copied under other names, as often as a row wants, with deadlines of its choosing. Journals are not copied: the engine writes on from a case's revision and head.
 */
import { join } from 'node:path'
import { crewSize, platforms } from './plant.ts'
import { profileFlags, type Service, startService } from './service.ts'
import { checked, type Stage } from './stage.ts'
import { connections, nextRun } from './throughput.ts'

export const database = 'clocks'

/** A service with one open case from each crew, known as templates. */
export type ClockBase = {
  readonly service: Service
  /** So many crews have reported, so many leads can be called. */
  readonly leads: number
  /** The service again on the same database, after it was stopped. */
  readonly restart: (name: string) => Promise<Service>
}

/** Yellow, and in no area, so that no report repeats another: red would be life-safety, which no budget holds back. */
const words = '楼梯扶手松动'

const keepTemplates = `create table bench_template as select row_number() over (order by id) - 1 as k, *, substring(state from 'Q[0-9a-z]+x\\d{6}q') as token
  from subject where workflow = 'hazard'`

const countTeams = `select count(distinct state::json ->> 'team') as leads from bench_template`

/** At a pace that a service which has only just started keeps up with; what it knows of the plant is read with the first of them. */
const report = async (stage: Stage, service: Service, count: number, firstWorker: number): Promise<void> => {
  const load = {
    kind: 'messages',
    platforms,
    count,
    run: nextRun(),
    firstWorker,
    step: crewSize,
    words,
    pictures: false,
  } as const
  const order = { port: service.port, connections, perSecond: 100, offset: service.offset(), load, must: '' }
  const outcome = await stage.fire(order)
  if (firstWorker === 0) checked(stage, 'reports to copy', outcome)
}

export const openClockBase = async (stage: Stage): Promise<ClockBase> => {
  const url = await stage.postgres.createDatabase(database)
  const { plant, platformsPort, folder } = stage
  const restart = (name: string): Promise<Service> => {
    const flags = stage.settings.profile ? profileFlags('bench-results', name) : []
    return startService({ folder: join(folder, database), plant, platformsPort, database: url, flags })
  }
  const service = await restart('clocks')
  await report(stage, service, platforms.length, 1)
  await report(stage, service, platforms.length * Math.ceil(stage.settings.messages / crewSize), 0)
  await service.settled(60_000)
  await stage.postgres.query(database, keepTemplates)
  const [row] = await stage.postgres.query<{ leads: string }>(database, countTeams)
  await stage.collect()
  return { service, leads: Number(row?.leads ?? 0), restart }
}

export type Wave = {
  /** One small letter that no other wave of the run has. */
  readonly name: string
  readonly cases: number
  /** When each deadline strikes, by its tag: the first at `from` (milliseconds since 1970, by the service's clock), the next `step` later. */
  readonly due: Readonly<Record<string, { readonly from: number; readonly step: number }>>
  /** Who is called next: the lead of the crew again, or the department head, of whom there is one. */
  readonly next: 'teamLead' | 'deptHead'
}

/** The token by which the card of case `n` of a wave is known. */
export const waveToken = ({ name }: Wave, n: number): string => `Q${name}x${String(n).padStart(6, '0')}q`

const copies = ({ name, cases, due, next }: Wave): readonly string[] => {
  const id = `'haz_w${name}' || lpad(n::text, 24, '0')`
  const code = `t.code || '-${name}' || n`
  const from = `from generate_series(0, ${cases - 1}) n join bench_template t on t.k = n % (select count(*) from bench_template)`
  const token = `'Q${name}x' || lpad(n::text, 6, '0') || 'q'`
  const renamed = (text: string): string => `replace(replace(${text}, t.code, ${code}), t.token, ${token})`
  return [
    `insert into subject select t.site, ${id}, t.workflow, ${code}, t.status, t.open, t.revision,
      replace(${renamed('t.state')}, '"role":"deptHead"', '"role":"${next}"'), t.head, t.owner, t.opened_at, t.changed_at ${from}`,
    `insert into subject_index select i.site, i.name, replace(i.key, t.code, ${code}), ${id}, i.at, i.weight, ${renamed('i.note')}
      ${from} join subject_index i on i.subject = t.id`,
    ...Object.entries(due).map(
      ([
        tag,
        { from: first, step },
      ]) => `insert into deadline select d.site, ${id}, d.tag, 'ddl_w${name}' || substr('${tag}', 1, 3) || lpad(n::text, 21, '0'),
      to_timestamp((${first}::float8 + n * ${step}) / 1000), d.command, 0 ${from} join deadline d on d.subject = t.id and d.tag = '${tag}'`,
    ),
  ]
}

/** Makes the cases of a wave, some thousands a second. */
export const makeWave = async (stage: Stage, wave: Wave): Promise<void> => {
  for (const statement of copies(wave)) await stage.postgres.query(database, statement)
}

/** Everything is as it is where autovacuum has had its time. */
export const tidy = async (stage: Stage): Promise<void> => void (await stage.postgres.query(database, 'vacuum analyze'))

/** How many arrivals of a kind were decided since an instant, and over how many seconds, by the service's clock. */
export const decidedSince = async (
  stage: Stage,
  connection: string,
  since: number,
): Promise<{ readonly count: number; readonly seconds: number }> => {
  const [row] = await stage.postgres.query<{ count: string; seconds: number | null }>(
    database,
    `select count(*), extract(epoch from max(arrived_at) - min(arrived_at))::float8 as seconds from inbox
      where connection = '${connection}' and outcome = 'decided' and arrived_at >= to_timestamp(${since / 1000})`,
  )
  return { count: Number(row?.count ?? 0), seconds: row?.seconds ?? Number.NaN }
}
