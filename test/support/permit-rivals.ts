import { migrate } from '../../src/db/database.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import type { Arrival, Command } from '../../src/engine/arrival.ts'
import { createDecideBatch, type DecideBatch } from '../../src/engine/engine.ts'
import { type EngineParts, noCallOut } from '../../src/engine/parts.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { createClock, hours, later } from '../../src/lib/clock.ts'
import { idFor } from '../../src/lib/id.ts'
import { silent } from '../../src/lib/log.ts'
import { importOrganisation, organisationFile } from '../../src/people/organisation.ts'

const site = 'SH01'
const people = ['leader', 'worker', 'guard', 'officer'] as const
const clock = createClock()

/** Two replicas of the engine on one PostgreSQL, each with connections and a chain of seals of its own, and a plant whose people may work. */
export const openRivals = async (url: string) => {
  const base = openPostgres({ url, pooled: false, connections: 2, onError: () => undefined })
  await migrate(base.db)
  const accounts = (id: string) => [{ connection: 'c1', account: `acc-${id}` }]
  const file = organisationFile.parse({
    site: { id: site, name: '滨海化工上海厂', timeZone: 'Asia/Shanghai', profile: 'hazchem' },
    areas: [
      { id: 'pump-3', name: '3号泵房', owner: 'officer', team: '生产', center: { lat: 30.72, lng: 121.33 }, radiusMetres: 60 },
    ],
    people: people.map((id) => ({
      id,
      name: `名${id}`,
      accounts: accounts(id),
      roles: id === 'officer' ? ['safetyOfficer'] : [],
    })),
  })
  await base.db.transaction().execute((tx) => importOrganisation(tx, file, clock.now()))
  const papers = [
    ['guard', 'training.attendant'],
    ['worker', 'training.blindPlate'],
  ] as const
  await base.db
    .insertInto('certificate')
    .values(
      papers.map(([person, trade]) => ({
        ...{ site, id: `crt_${person}`, person, trade, number_sealed: '', number_hash: person, number_masked: 'T***1' },
        ...{ issued_on: '2020-01-01', valid_until: '2099-12-31', review_due: null, reviewed_on: null, authority: '本厂' },
        ...{ status: 'valid', practised_on: null, fit: null, fit_until: null, imported_at: clock.now() },
      })),
    )
    .execute()
  const databases = ['left', 'right'].map((lane) => ({
    lane,
    database: openPostgres({ url, pooled: false, connections: 2, onError: () => undefined }),
  }))
  const replicas = databases.map(({ lane, database }) =>
    createDecideBatch({
      ...{
        database,
        clock,
        log: silent,
        registry: createRegistry(),
        platforms: new Map(),
        siteOf: () => site,
        secret: 'the secret of the rivals',
      },
      ...{
        replica: null,
        lane,
        page: () => null,
        images: async () => null,
        callOut: noCallOut,
        count: () => undefined,
        heardOffset: () => undefined,
      },
    } as unknown as EngineParts),
  )
  const [left, right] = replicas
  if (!left || !right) throw new Error('two replicas were made')
  return {
    base,
    left,
    right,
    close: async () => {
      for (const one of [base, ...databases.map(({ database }) => database)]) await one.close()
    },
  }
}
export type Rivals = Awaited<ReturnType<typeof openRivals>>

const hot = Object.fromEntries(
  [
    ...[
      'welding',
      'riskPlace',
      'runningPlant',
      'pressureTap',
      'majorHazardDike',
      'tankFarmDike',
      'pipeRack',
      'isolatedAndAgreed',
    ],
    ...['bigVessel', 'outdoors', 'unavoidable', 'oxygenEquipment', 'gasMayBeReleased', 'leakProneWithin15m', 'dustPlace'],
  ].map((id) => [id, false]),
)
const plate = Object.fromEntries(
  ['toxic', 'namedToxic', 'corrosive', 'highPressure', 'venting', 'draining', 'sharedLine'].map((id) => [id, false]),
)
const works = {
  hot: { ...hot, where: 'open' },
  blindPlate: { ...plate, riskArea: true, action: 'insert' },
} as const
type Work = keyof typeof works

const system = (subject: string, key: string, command: Command): Arrival => ({
  ...{ source: 'system', site, key, subject, workflow: 'permit', command },
})
const byLeader = (subject: string, key: string, command: Command): Arrival => ({
  ...{ source: 'page', site, key, connection: 'c1', account: 'acc-leader', subject, workflow: 'permit', command },
})

/** An application that is whole, for two hours from an hour ahead, 10 m from the others. */
const draft = async (decide: DecideBatch, work: Work, name: string): Promise<string> => {
  const subject = idFor('per', `rival ${name}`)
  const place = {
    ...{
      area: 'pump-3',
      point: name,
      lat: 30.72 + (work === 'hot' ? 0 : 0.00009),
      lng: 121.33,
      level: 0,
      line: null,
      space: null,
      outdoors: false,
    },
  }
  const crew = { workLeader: 'leader', workers: ['worker'], attendants: ['guard'], contractor: null }
  const copy = { work, what: '对抢', answers: works[work], place, crew, tools: [], hours: 2, isolations: [], job: `job ${name}` }
  await decide([system(subject, `open ${name}`, { type: 'applyAgain', by: 'leader', from: 'ZY-0', copy })])
  const from = later(clock.now(), hours(1)).toISOString()
  await decide([byLeader(subject, `fill ${name}`, { type: 'fill', from, hours: '2', coordinator: '名officer' })])
  return subject
}

/** What came of one pair of permits that exclude each other, submitted through two replicas at one instant: the status of each, and which replica let one in. */
export const race = async (
  { left, right, base }: Rivals,
  round: number,
): Promise<{ readonly statuses: string; readonly winner: 'left' | 'right' | 'none' }> => {
  const [first, second]: readonly [Work, Work] = round % 2 === 0 ? ['hot', 'blindPlate'] : ['blindPlate', 'hot']
  const subjects = await Promise.all([draft(left, first, `l${round}`), draft(right, second, `r${round}`)])
  const submits = subjects.map((subject, index) => byLeader(subject, `submit ${round} ${index}`, { type: 'submit' }))
  const turns = submits.map((one, index) => () => (index === 0 ? left([one]) : right([one])))
  await Promise.all((round % 3 === 0 ? turns.toReversed() : turns).map((turn) => turn()))
  const rows = await base.db.selectFrom('subject').select(['id', 'status']).where('id', 'in', subjects).execute()
  // Whoever got in leaves, so that the next pair finds the place free; drafts take up none.
  await left(
    rows.filter(({ status }) => status === 'jsa').map(({ id }) => byLeader(id, `cancel ${id}`, { type: 'cancel', reason: '' })),
  )
  const won = rows.find(({ status }) => status === 'jsa')?.id
  return {
    statuses: rows
      .map(({ status }) => status)
      .sort()
      .join(' '),
    winner: won === undefined ? 'none' : won === subjects[0] ? 'left' : 'right',
  }
}
