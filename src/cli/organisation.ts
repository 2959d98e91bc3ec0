import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readConfig } from '../config.ts'
import { type Handle, migrate } from '../db/database.ts'
import { harmless } from '../engine/findings.ts'
import { sha256 } from '../lib/crypto.ts'
import { silent } from '../lib/log.ts'
import { markDatabase, openDatabase } from '../node.ts'
import { importOrganisation, type OrganisationFile, organisationFile } from '../people/organisation.ts'
import {
  type Call,
  CannotRun,
  type Command,
  clockOf,
  type Exit,
  exit,
  pendingMigrations,
  withDatabase,
  wordAt,
} from './command.ts'

/** An organisation file, parsed. Throws CannotRun with what is wrong in it. */
export const readOrganisation = (path: string): OrganisationFile => {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CannotRun(
      `The organisation file ${path} cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`,
    )
  }
  const parsed = organisationFile.safeParse(raw)
  if (!parsed.success) throw new CannotRun(`The organisation file ${path} is not valid:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

type Someone = { readonly id: string; readonly name: string; readonly active: boolean }

export type Comparison = {
  readonly join: readonly Someone[]
  readonly leave: readonly Someone[]
  readonly stay: number
  readonly roles: readonly string[]
}

const rolesIn = (file: OrganisationFile): ReadonlySet<string> =>
  new Set(
    file.people.flatMap((person) =>
      person.roles.map((role) => `${role.includes('@') ? role : `${role}@${file.site.id}`} ${person.id}`),
    ),
  )

/** What an import would change about people: who joins, who leaves, which roles are given (+) and taken (-). */
export const compareOrganisation = async (handle: Handle, file: OrganisationFile): Promise<Comparison> => {
  const known = await handle
    .selectFrom('person')
    .select(['id', 'name', 'active'])
    .where('site', '=', file.site.id)
    .orderBy('id')
    .execute()
  const held = await handle.selectFrom('role_holder').selectAll().where('site', '=', file.site.id).execute()
  const active = new Set(known.filter((one) => one.active).map(({ id }) => id))
  const listed = new Set(file.people.map(({ id }) => id))
  const had = new Set(held.map(({ role, scope, person }) => `${role}@${scope} ${person}`))
  const has = rolesIn(file)
  return {
    join: file.people.filter(({ id }) => !active.has(id)).map(({ id, name }) => ({ id, name, active: true })),
    leave: known.filter((one) => one.active && !listed.has(one.id)),
    stay: [...listed].filter((id) => active.has(id)).length,
    roles: [
      ...[...has].filter((role) => !had.has(role)).map((role) => `+ ${role}`),
      ...[...had].filter((role) => !has.has(role)).map((role) => `- ${role}`),
    ].sort(),
  }
}

const sayComparison = ({ join, leave, stay, roles }: Comparison, would: string, print: Call['print']): void => {
  for (const { id, name } of join) print(harmless(`  ${would}join: ${name} (${id})`))
  for (const { id, name } of leave) print(harmless(`  ${would}leave: ${name} (${id})`))
  for (const role of roles) print(harmless(`  role ${role}`))
  print(`${join.length} ${would}join, ${leave.length} ${would}leave, ${stay} stay, ${roles.length} roles change.`)
}

const runImport = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const path = resolve(wordAt(call, 0))
    const file = readOrganisation(path)
    const comparison = await compareOrganisation(database.db, file)
    if (call.flags['dry-run'] === true) {
      sayComparison(comparison, 'would ', call.print)
      call.print('Nothing was changed.')
      return exit.well
    }
    await markDatabase(database, config.sandbox)
    const at = (await clockOf(database, config)).now()
    const value = sha256(JSON.stringify(file))
    await database.db.transaction().execute(async (tx) => {
      await importOrganisation(tx, file, at)
      await tx
        .insertInto('meta')
        .values({ key: `organisation:${file.site.id}`, value })
        .onConflict((row) => row.column('key').doUpdateSet({ value }))
        .execute()
    })
    sayComparison(comparison, '', call.print)
    call.print(`Imported ${file.site.id} from ${path}.`)
    if (path !== config.organisation)
      call.print(
        `The service reads ${config.organisation} at its next start and would undo this. Name the new file there (organisation:).`,
      )
    return exit.well
  })

const runMigrate = async ({ env, print }: Call): Promise<Exit> => {
  const config = readConfig(env)
  const database = await openDatabase(config, silent)
  try {
    const pending = await pendingMigrations(database.db)
    await migrate(database.db)
    await markDatabase(database, config.sandbox)
    for (const step of pending) print(`Brought in ${step}.`)
    print(pending.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.')
    return exit.well
  } finally {
    await database.close()
  }
}

export const migrateCommand: Command = {
  summary: 'bring the schema of the database up to this release',
  usage: '',
  help: [
    'The service does the same at its start. Either all missing steps are done or the database says why not.',
    'Exit code 0: up to date. 2: it could not run.',
  ],
  options: {},
  words: 0,
  run: runMigrate,
}
export const importCommand: Command = {
  summary: 'import an organisation file: site, areas, people, roles, vouched accounts',
  usage: '<file> [--dry-run]',
  help: [
    'People who are no longer in the file become inactive; their cases and journals stay. --dry-run only says what would change.',
    'Exit code 0: done. 2: it could not run; nothing was changed then.',
  ],
  options: { 'dry-run': { type: 'boolean' } },
  words: 1,
  run: runImport,
}
