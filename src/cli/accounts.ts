import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { commonText } from '../cards/text/common.ts'
import { fill } from '../cards/words.ts'
import type { Config } from '../config.ts'
import type { Database, Handle } from '../db/database.ts'
import { harmless } from '../engine/findings.ts'
import { linkSubject } from '../workflows/link/workflow.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import { type Call, CannotRun, type Command, clockOf, type Exit, exit, withDatabase, wordAt } from './command.ts'
import { consoleLog, createDesk, operator } from './console.ts'

type AccountRow = AccountRef & {
  readonly site: string
  readonly person: string | null
  readonly name: string
  readonly proof: string | null
  readonly state: string
}

const readAccount = (handle: Handle, { connection, account }: AccountRef): Promise<AccountRow | undefined> =>
  handle
    .selectFrom('account')
    .select(['connection', 'account', 'site', 'person', 'name', 'proof', 'state'])
    .where('connection', '=', connection)
    .where('account', '=', account)
    .executeTakeFirst()

const refOf = (call: Call, config: Config): AccountRef => {
  const ref = { connection: wordAt(call, 0), account: wordAt(call, 1) }
  if (!config.connections.some(({ id }) => id === ref.connection)) {
    const known = config.connections.map(({ id }) => id).join(', ')
    throw new CannotRun(`There is no connection ${harmless(ref.connection)}. Configured: ${known}`)
  }
  return ref
}

type Person = { readonly site: string; readonly id: string; readonly name: string; readonly active: boolean }

/** One active person by id or employee number; nobody is guessed. */
const findPerson = async (handle: Handle, words: string): Promise<Person> => {
  const rows = await handle
    .selectFrom('person')
    .select(['site', 'id', 'name', 'active'])
    .where((where) => where.or([where('id', '=', words), where('employee_no', '=', words)]))
    .execute()
  const active = rows.filter((row) => row.active)
  const [person] = active
  if (!person)
    throw new CannotRun(
      rows.length > 0
        ? `${harmless(words)} has left the organisation.`
        : `Nobody has the id or employee number ${harmless(words)}.`,
    )
  if (active.length > 1)
    throw new CannotRun(`Several people are ${harmless(words)}: ${active.map(({ site, id }) => `${id} at ${site}`).join(', ')}`)
  return person
}

type Change = {
  readonly ref: AccountRef
  readonly site: string
  readonly command: { readonly type: string } & Readonly<Record<string, unknown>>
}

/** The change as a command to the account's link case, so that the journal says who did it and when. */
const decide = async (
  database: Database,
  config: Config,
  { ref, site, command }: Change,
  print: Call['print'],
): Promise<Exit> => {
  const clock = await clockOf(database, config)
  const desk = createDesk(database, config, { clock, site, log: consoleLog(print) })
  const subject = linkSubject(ref)
  const key = `console:${command.type}:${subject}:${randomUUID()}`
  const outcome = await desk.decide({
    source: 'system',
    site,
    key,
    subject,
    workflow: 'link',
    command: { ...command, account: ref, by: operator() },
  })
  if (outcome.kind === 'decided') return exit.well
  const words = outcome.reply?.toast?.text
  throw new CannotRun(words ? `Refused: ${words}` : `It was not recorded (${outcome.kind}). Nothing was changed.`)
}

const runLink = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const ref = refOf(call, config)
    const person = await findPerson(database.db, wordAt(call, 2))
    const known = await readAccount(database.db, ref)
    if (known?.person === person.id) throw new CannotRun(`${harmless(ref.account)} is linked to ${person.name} already.`)
    if (known?.person) throw new CannotRun(`${harmless(ref.account)} belongs to ${known.person}. Unlink it first.`)
    // The row alone gives nobody anything: it is what a first message of the account would leave.
    await database.db
      .insertInto('account')
      .values({ ...ref, site: person.site, person: null })
      .onConflict((row) => row.doNothing())
      .execute()
    const ended = await decide(
      database,
      config,
      { ref, site: person.site, command: { type: 'appoint', person: person.id, name: known?.name ?? '' } },
      call.print,
    )
    call.print(`Linked ${harmless(ref.account)} on ${ref.connection} to ${person.name} (${person.id}).`)
    return ended
  })

const runUnlink = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const ref = refOf(call, config)
    const known = await readAccount(database.db, ref)
    if (!known?.person) throw new CannotRun(`${harmless(ref.account)} on ${ref.connection} is linked to nobody.`)
    const ended = await decide(
      database,
      config,
      { ref, site: known.site, command: { type: 'release', name: known.name } },
      call.print,
    )
    call.print(`Unlinked ${harmless(ref.account)} on ${ref.connection} from ${known.person}.`)
    if (known.proof === 'organisation-file')
      call.print('The organisation file vouches for this account: remove it there, or the next import links it again.')
    return ended
  })

type Listed = AccountRow & { readonly personName: string | null; readonly status: string | null }

const listAccounts = async (handle: Handle): Promise<readonly Listed[]> => {
  const { rows } =
    await sql<Listed>`select a.connection, a.account, a.site, nullif(a.person, '') as person, a.name, a.proof, a.state, p.name as "personName", s.status
    from account a left join person p on p.site = a.site and p.id = a.person
      left join subject s on s.workflow = 'link' and s.open and s.state::json -> 'account' ->> 'connection' = a.connection and s.state::json -> 'account' ->> 'account' = a.account
    order by a.connection, a.account`.execute(handle)
  return rows
}

const sayAccount = ({ connection, account, name, person, personName, proof, state, status }: Listed): string => {
  const who =
    person === null
      ? status === null
        ? 'nobody'
        : fill(commonText.link.status[status as keyof typeof commonText.link.status] ?? status)
      : `${personName ?? '?'} (${person})`
  const notes = [
    person === null ? null : `by ${proof ?? '?'}`,
    state === 'active' ? null : state,
    name === '' || name === personName ? null : `calls itself «${name}»`,
  ].filter((note) => note !== null)
  return harmless(`  ${connection}  ${account}  ${who}${notes.length > 0 ? `  ${notes.join(', ')}` : ''}`)
}

const runAccounts = ({ env, print }: Call): Promise<Exit> =>
  withDatabase(env, async ({ db }) => {
    const all = await listAccounts(db)
    const waiting = all.filter(({ person }) => person === null)
    const linked = all.filter(({ person }) => person !== null)
    print(`Linked: ${linked.length}`)
    for (const one of linked) print(sayAccount(one))
    print(`Linked to nobody: ${waiting.length}`)
    for (const one of waiting) print(sayAccount(one))
    return exit.well
  })

const codes = 'Exit code 0: done. 2: refused or it could not run; nothing was changed then.'

export const accountsCommand: Command = {
  summary: 'list the accounts that are linked to people, and those that wait to be',
  usage: '',
  help: ['Exit code 0: listed. 2: it could not run.'],
  options: {},
  words: 0,
  run: runAccounts,
}
export const linkCommand: Command = {
  summary: 'link an account of a platform to a person, with you as the proof',
  usage: '<connection> <account> <person id | employee number>',
  help: [
    'Goes through the link case of the account, so that the journal tells who did it. The person is told in the chat as soon as the service runs.',
    codes,
  ],
  options: {},
  words: 3,
  run: runLink,
}
export const unlinkCommand: Command = {
  summary: 'take an account away from its person',
  usage: '<connection> <account>',
  help: ['From then on the account acts for nobody; it may ask to be linked again.', codes],
  options: {},
  words: 2,
  run: runUnlink,
}
