import type { Database } from '../db/database.ts'
import { harmless } from '../engine/findings.ts'
import { createRegistry } from '../engine/registry.ts'
import { findIdentities, type Identity, identityOf } from '../people/erasure.ts'
import { type Call, CannotRun, type Command, clockOf, type Exit, exit, flagText, withDatabase, wordAt } from './command.ts'
import { operator } from './console.ts'
import { erasePerson } from './person-erase.ts'
import { exportPerson } from './person-export.ts'

/** One person by id or employee number, here or gone; nobody is guessed. */
const find = async ({ db }: Database, words: string, at: Date): Promise<Identity> => {
  const [row, ...more] = await findIdentities(db, words)
  if (!row) throw new CannotRun(`Nobody has the id or employee number ${harmless(words)}.`)
  if (more.length > 0)
    throw new CannotRun(
      `Several people are ${harmless(words)}: ${[row, ...more].map(({ site, id }) => `${id} at ${site}`).join(', ')}`,
    )
  return identityOf(db, row, at)
}

const undone = Symbol('undone')

const runErase = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const reason = flagText(call, 'reason')
    if (reason === null || reason.trim().length < 4)
      throw new CannotRun('Say why with --reason "…", such as the request and its date. The record keeps it.')
    const at = (await clockOf(database, config)).now()
    const identity = await find(database, wordAt(call, 1), at)
    const erasing = { registry: createRegistry(), secret: config.secret, at, by: operator(), reason: reason.trim() }
    const tell = ({ entries, cases, rows }: Awaited<ReturnType<typeof erasePerson>>, did: string): void =>
      call.print(
        `${did} ${entries} journal entries of ${cases} cases and ${rows} other rows; stand-in ${identity.standIn}.${identity.namesakes > 0 ? ' Somebody else has the same name: rows that tell only the name were left.' : ''}`,
      )
    await database.db
      .transaction()
      .execute(async (tx) => {
        const erased = await erasePerson(tx, identity, erasing)
        tell(erased, call.flags['dry-run'] === true ? 'Would redact' : 'Redacted')
        if (call.flags['dry-run'] === true) throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
        call.print('Nothing was changed.')
      })
    return exit.well
  })

const runExport = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const at = (await clockOf(database, config)).now()
    const identity = await find(database, wordAt(call, 1), at)
    const content = await database.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((tx) => exportPerson(tx, identity, at, config.secret))
    call.print(JSON.stringify(content, null, 1))
    return exit.well
  })

const acts: Readonly<Record<string, (call: Call) => Promise<Exit>>> = { export: runExport, erase: runErase }

export const personCommand: Command = {
  summary: 'export everything stored about one person, or erase who they were',
  usage: 'export|erase <person id or employee number> [--reason "…"] [--dry-run]',
  help: [
    'export prints, as JSON, every row of every table in which the person can be recognised, and their photos by name. It names other people too: look it through before you hand it out.',
    'erase takes name, accounts, numbers and ids of somebody who has left out of every table and journal entry; what was done stays, under a stand-in. It cannot be taken back.',
    'The chain stays whole: each redacted entry has a signed record with who, when and why (--reason), which verify tells. Photos, platforms’ chats and older backups are not touched (docs/operations.md).',
    'Exit code 0: done. 2: it could not run; nothing was changed then.',
  ],
  options: { reason: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  words: 2,
  run: async (call) => {
    const act = Object.hasOwn(acts, wordAt(call, 0)) ? acts[wordAt(call, 0)] : undefined
    if (!act) throw new CannotRun(`It is either export or erase, not ${harmless(wordAt(call, 0))}.`)
    return act(call)
  },
}
