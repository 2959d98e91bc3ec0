import { type Kysely, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { up as firstHazard } from './migrations/0001-first-hazard.ts'
import { up as index } from './migrations/0002-index.ts'
import { up as delivery } from './migrations/0003-delivery.ts'
import { up as redaction } from './migrations/0004-redaction.ts'
import { up as certificates } from './migrations/0005-certificates.ts'
import { up as permits } from './migrations/0006-permits.ts'
import { up as equipment } from './migrations/0007-equipment.ts'
import { up as access } from './migrations/0008-access.ts'
import type { Schema } from './schema.ts'

export type Db = Kysely<Schema>
/** A transaction's own handle. Inside a transaction nothing else may be used: with one connection anything else waits for ever. */
export type Tx = Transaction<Schema>
/** Functions that read or write one statement take either; those that need a transaction say `Tx`. */
export type Handle = Db | Tx

/** An open database and what this kind of it can do besides SQL. */
export type Database = {
  readonly db: Db
  readonly kind: 'pglite' | 'postgres' | 'hyperdrive'
  /** Runs raw SQL for pg-boss; null where jobs are not run. */
  readonly executeSql: (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }>
  /** Hears NOTIFY of other replicas; null behind a pooler and in one process. Gives a function that stops listening. */
  readonly listen: ((channel: string, heard: () => void) => Promise<() => Promise<void>>) | null
  /** Holds a lock for as long as this process lives, and tries those of others; null where sessions are not ours. */
  readonly session: SessionLocks | null
  readonly close: () => Promise<void>
}

export type SessionLocks = {
  /** Takes the lock of this replica's name on a connection of its own. `lost` is called when that connection breaks. */
  readonly hold: (name: string, lost: () => void) => Promise<void>
  /** True when nobody alive holds that name's lock. */
  readonly free: (name: string) => Promise<boolean>
}

const migrations: Readonly<Record<string, readonly string[]>> = {
  '0001-first-hazard': firstHazard,
  '0002-index': index,
  '0003-delivery': delivery,
  '0004-redaction': redaction,
  '0005-certificates': certificates,
  '0006-permits': permits,
  '0007-equipment': equipment,
  '0008-access': access,
}

/** Brings the schema up to this release. Safe to call from several replicas at once. Throws what the database says when a step fails; nothing is half done. */
export const migrate = async (db: Db): Promise<void> => {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(migrations).map(([name, statements]) => [
            name,
            {
              up: async (tx) => {
                for (const statement of statements) await sql.raw(statement).execute(tx)
              },
            },
          ]),
        ),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Rows as one JSON parameter: the statement's text stays the same for any number of rows, so it is prepared once. */
export const rowsOf = (rows: readonly object[]): string => JSON.stringify(rows)
