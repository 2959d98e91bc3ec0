import { expect } from 'vitest'
import type { Call } from '../../sandbox/integrations.ts'
import { readLedger } from '../../src/engine/ledger.ts'
import type { Registered } from '../../src/engine/registry.ts'
import { minutes } from '../../src/lib/clock.ts'
import { accept, type Workflow } from '../../src/workflows/workflow.ts'
import { cardOf, codeIn, expectAnswered, looksAt } from '../support/acts.ts'
import { type Stage, story } from '../support/story.ts'
import { type Arrangement, once } from '../support/world.ts'

type State = { readonly status: 'told' }
type Command = { readonly type: 'tell'; readonly target: string; readonly event: string }
type Event = { readonly type: 'told' }

/** A workflow of this test: it tells one system outside of one event. */
const errand: Workflow<State, Command, Event> = {
  name: 'errand',
  prefix: { code: null, id: 'ern' },
  version: 1,
  commands: { tell: { from: 'system', opens: 'named', needs: ['plant'], guards: [] } },
  decide: (_, { target, event }) =>
    accept<Event>([{ type: 'told' }], [{ kind: 'callOut', target, event, body: { person: 'E1001', 天数: 3 } }]),
  evolve: () => ({ status: 'told' }),
  open: () => false,
  owner: () => null,
  stillDue: () => true,
  maySee: () => false,
}
const words = { say: {}, notices: {}, refusals: {}, actions: {}, acts: {}, roles: {} }

/** Lets the running service know the workflow. */
const teach = ({ world }: Stage): void => {
  const registry = world.running().parts.registry as Map<string, Registered>
  const card: Registered['card'] = () => {
    throw new Error('an errand has no card')
  }
  registry.set('errand', { workflow: errand as unknown as Registered['workflow'], card, words })
}

/** What each target of the demo takes. */
const taken: Readonly<Record<string, string>> = {
  hr: 'allowance.freeze',
  mes: 'equipment.hazard.opened',
  regulator: 'major.listed',
}

const tells = async (stage: Stage, target: string, event = taken[target] ?? 'pay.freeze'): Promise<string> => {
  const subject = `ern_${target}_${event.replaceAll('.', '_')}`
  const command = { type: 'tell', target, event }
  const outcome = await stage.world.running().service.handle({
    source: 'system',
    site: 'SH01',
    key: subject,
    subject,
    workflow: 'errand',
    command,
  })
  expect(outcome.kind).toBe('decided')
  await stage.settles()
  return subject
}

const ledgerOf = async ({ world }: Stage, subject: string): Promise<readonly string[]> =>
  (await readLedger(world.running().database.db, subject)).map(
    ({ connection, event, attempt, outcome, detail, message }) =>
      `${connection} ${event} ${attempt} ${outcome} ${detail ?? message ?? ''}`,
  )

const everyDatabase: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'postgres', shift: 0, door: 'stream' },
]

story(
  'a system that fails twice is told a third time, under one key; the ledger shows every try',
  everyDatabase,
  async (stage) => {
    const { world, clock } = stage
    teach(stage)
    await world.post('/calls', { target: 'hr', status: 500, times: 2 })
    const subject = await tells(stage, 'hr')
    await clock.passes(minutes(1))
    const calls = await world.get<readonly Call[]>('/calls')
    expect(calls.map(({ status, verified, repeat }) => `${status} ${verified} ${repeat}`)).toEqual([
      '500 true false',
      '500 true false',
      '200 true false',
    ])
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
    expect(calls[2]).toMatchObject({ target: 'hr', event: 'allowance.freeze', subject, data: { person: 'E1001', 天数: 3 } })
    expect(await ledgerOf(stage, subject)).toEqual([
      'call:hr allowance.freeze 1 retry http-500',
      'call:hr allowance.freeze 2 retry http-500',
      `call:hr allowance.freeze 3 done hr-${calls[2]?.id}`,
    ])
    await clock.passes(minutes(30))
    expect(await world.get<readonly Call[]>('/calls')).toHaveLength(3)
    await stage.people.everyone.seesNothingElse()
  },
)

story('a call that no try can mend is given up at once, and the ledger says why', everyDatabase.slice(0, 1), async (stage) => {
  const { world, clock } = stage
  teach(stage)
  await world.post('/calls', { target: 'mes', status: 422, times: 5 })
  expect(await ledgerOf(stage, await tells(stage, 'mes'))).toEqual(['call:mes equipment.hazard.opened 1 dead http-422'])
  expect(await ledgerOf(stage, await tells(stage, 'nobody'))).toEqual(['call:nobody pay.freeze 1 dead unknown-target'])
  await clock.passes(minutes(30))
  expect(await world.get<readonly Call[]>('/calls')).toHaveLength(1)
  await stage.people.everyone.seesNothingElse()
})

story('calls that waited for a restart are made once by whoever starts next', everyDatabase.slice(1), async (stage) => {
  const { world, clock } = stage
  teach(stage)
  await world.post('/calls', { target: 'regulator', status: 503, times: 1 })
  const subject = await tells(stage, 'regulator')
  await world.restart()
  await clock.passes(minutes(10))
  expect((await world.get<readonly Call[]>('/calls')).map(({ status, subject: about }) => `${status} ${about}`)).toEqual([
    `503 ${subject}`,
    `200 ${subject}`,
  ])
})

story(
  'MES hears of a hazard of its equipment and of its end, each once; who has not asked for it hears nothing',
  once,
  async (stage) => {
    const { world, people, settles } = stage
    const { welder, teamLead } = people
    await welder.says('P-301 漏油')
    await welder.seesCard('隐患已上报')
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    await settles()
    const card = await cardOf(teamLead, code)
    const inField = card.form.some(({ name }) => name === 'reason')
    expectAnswered(await teamLead.presses('不是隐患', inField ? { reason: '已在检修计划内' } : {}, card.id))
    if (!inField) await teamLead.says('已在检修计划内')
    await settles()
    const calls = await world.get<readonly (Omit<Call, 'data'> & { readonly data: Readonly<Record<string, string>> })[]>('/calls')
    expect(calls.map(({ target, event, verified, data }) => `${target} ${event} ${verified} ${data.equipment}`)).toEqual([
      'mes equipment.hazard.opened true P-301',
      'mes equipment.hazard.closed true P-301',
    ])
    expect(calls.map(({ data }) => data.code)).toEqual([code, code])
    expect(JSON.stringify(calls)).not.toContain('漏油')
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  },
)
