import { existsSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { type Database, migrate } from '../db/database.ts'
import type { CheckpointStore } from '../engine/checkpoint.ts'
import { createCheckpointDirectory } from '../engine/checkpoint-directory.ts'
import { type BlobStore, verifyBlob } from '../evidence/blobs.ts'
import { createDirectoryBlobs } from '../evidence/directory-blobs.ts'
import { sha256 } from '../lib/crypto.ts'
import { silent } from '../lib/log.ts'
import { openDatabase } from '../node.ts'
import { listDigest, type Manifest, measureFile, readManifest, writeManifest } from './backup-manifest.ts'
import { dumpTables, fileOf, filledTables, loadTables, schemaOf, tablesIn } from './backup-tables.ts'
import { type Call, CannotRun, type Command, checkpointsOf, clockOf, type Exit, exit, withDatabase, wordAt } from './command.ts'

const blobsIn = (folder: string): BlobStore => createDirectoryBlobs({ dir: join(folder, 'blobs') })
const checkpointsIn = (folder: string): CheckpointStore => createCheckpointDirectory(join(folder, 'checkpoints'))
const blobsOf = (config: Config): BlobStore => createDirectoryBlobs({ dir: config.blobs.dir })

const keysIn = async (store: BlobStore): Promise<readonly string[]> => {
  const keys: string[] = []
  for await (const { key } of store.list()) keys.push(key)
  return keys
}

const copyBlobs = async (from: BlobStore, to: BlobStore): Promise<readonly string[]> => {
  const bad: string[] = []
  for await (const { key } of from.list()) {
    const bytes = await from.get(key)
    if (bytes === null || sha256(bytes) !== key) bad.push(key)
    else if (!(await to.has(key))) await to.put(bytes, 'application/octet-stream')
  }
  return bad
}

/** A name is taken once; the same bytes under it again are no contradiction. */
const copyCheckpoints = async (
  from: CheckpointStore,
  to: CheckpointStore,
  names: readonly string[],
): Promise<Manifest['checkpoints']> => {
  const copied: Manifest['checkpoints'] = []
  for (const name of names) {
    const bytes = await from.read(name)
    if (bytes === null) throw new CannotRun(`The checkpoint ${name} of ${from.place} is gone.`)
    const there = (await to.append(name, bytes)) ? bytes : await to.read(name)
    if (there === null || sha256(there) !== sha256(bytes))
      throw new CannotRun(`${to.place} holds another checkpoint ${name}. Restore into an empty data directory.`)
    copied.push({ name, sha256: sha256(bytes) })
  }
  return copied
}

const kindOf = async ({ db }: Database): Promise<Manifest['kind']> => {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'kind').executeTakeFirst()
  return row?.value === 'demo' || row?.value === 'real' ? row.value : 'unmarked'
}

const writeFlushed = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

type Made = { readonly manifest: Manifest; readonly bad: readonly string[] }

/** The checkpoints are listed before the moment of the database and the blobs after it: so nothing is spoken of that is not there. */
const fill = async (database: Database, config: Config, folder: string): Promise<Made> => {
  const at = (await clockOf(database, config)).now()
  const names = await checkpointsOf(config).list()
  await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 })
  const schema = await schemaOf(database.db)
  const tables = await database.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => dumpTables(tx, folder, at))
  const checkpoints = await copyCheckpoints(checkpointsOf(config), checkpointsIn(folder), names)
  const bad = await copyBlobs(blobsOf(config), blobsIn(folder))
  const keys = await keysIn(blobsIn(folder))
  const blobs = { count: keys.length, sha256: listDigest(keys) }
  const kind = await kindOf(database)
  return {
    manifest: { format: 'andon backup 1', at: at.toISOString(), kind, schema: [...schema], tables, checkpoints, blobs },
    bad,
  }
}

const sayCounts = ({ tables, checkpoints, blobs }: Manifest): string =>
  `${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${tables.length} tables, ${checkpoints.length} checkpoints and ${blobs.count} photos and files`

const runBackup = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const folder = resolve(wordAt(call, 0))
    const draft = `${folder}.partial`
    for (const path of [folder, draft])
      if (existsSync(path)) throw new CannotRun(`${path} exists already. Name another place, or move it away.`)
    await mkdir(dirname(folder), { recursive: true })
    await mkdir(draft, { mode: 0o700 })
    const { manifest, bad } = await fill(database, config, draft)
    await writeFlushed(join(draft, 'manifest.json'), writeManifest(config.secret, manifest))
    await rename(draft, folder)
    for (const key of bad) call.print(`The photo ${key} is not what its name says, and is not in the backup.`)
    call.print(
      `Wrote ${sayCounts(manifest)} to ${folder}. The secret is not in it: keep a copy of it elsewhere, or nothing can be restored.`,
    )
    return bad.length === 0 ? exit.well : exit.findings
  })

/** Everything is held against the manifest before anything is written. Throws CannotRun with the first thing that does not fit. */
const checkBackup = async (folder: string, { tables, checkpoints, blobs }: Manifest): Promise<void> => {
  const damaged = (what: string): CannotRun =>
    new CannotRun(`The backup is damaged: ${what}. Nothing was changed. Take another backup.`)
  for (const { name, ...said } of tables) {
    if (!existsSync(fileOf(folder, name))) throw damaged(`the table ${name} is missing`)
    const found = await measureFile(fileOf(folder, name))
    if (found.sha256 !== said.sha256 || found.rows !== said.rows)
      throw damaged(`the table ${name} is not the one that was written`)
  }
  for (const { name, sha256: said } of checkpoints) {
    const bytes = await checkpointsIn(folder).read(name)
    if (bytes === null || sha256(bytes) !== said) throw damaged(`the checkpoint ${name} is not the one that was written`)
  }
  const keys = await keysIn(blobsIn(folder))
  if (keys.length !== blobs.count || listDigest(keys) !== blobs.sha256) throw damaged('photos are missing or were added')
  for (const key of keys) if ((await verifyBlob(blobsIn(folder), key)) !== 'intact') throw damaged(`the photo ${key} was changed`)
}

const refuseFilled = async (database: Database, manifest: Manifest, config: Config): Promise<void> => {
  const filled = await filledTables(database.db)
  if (filled.length > 0)
    throw new CannotRun(
      `The database is not empty (${filled.slice(0, 5).join(', ')}). Nothing was changed. Restore into an empty one: DATABASE_URL or ANDON_DATA name it.`,
    )
  const schema = await schemaOf(database.db)
  if (schema.join() !== manifest.schema.join())
    throw new CannotRun(
      `The backup is of the schema ${manifest.schema.at(-1) ?? 'nothing'}, this release has ${schema.at(-1) ?? 'nothing'}. Restore with the release that wrote it, then start the newer one on it.`,
    )
  const known = new Set(await tablesIn(database.db))
  const unknown = manifest.tables.map(({ name }) => name).filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new CannotRun(`This release has no tables ${unknown.join(', ')}. Restore with the release that wrote the backup.`)
  const mine = config.sandbox ? 'demo' : 'real'
  if (manifest.kind !== 'unmarked' && manifest.kind !== mine)
    throw new CannotRun(
      `The backup holds ${manifest.kind} cases, and this configuration is for ${mine} ones. Use the configuration it came from.`,
    )
}

const refuseOwnFolder = (config: Config, folder: string): void => {
  if (config.blobs.dir === join(folder, 'blobs'))
    throw new CannotRun('The backup cannot be its own data directory. Name another one with ANDON_DATA.')
}

const runRestore = async (call: Call): Promise<Exit> => {
  const folder = resolve(wordAt(call, 0))
  const config = readConfig(call.env)
  refuseOwnFolder(config, folder)
  const manifest = await readManifest(folder, config.secret)
  await checkBackup(folder, manifest)
  const database = await openDatabase(config, silent)
  try {
    await migrate(database.db)
    await refuseFilled(database, manifest, config)
    await copyCheckpoints(
      checkpointsIn(folder),
      checkpointsOf(config),
      manifest.checkpoints.map(({ name }) => name),
    )
    await copyBlobs(blobsIn(folder), blobsOf(config))
    await database.db.transaction().execute((tx) => loadTables(tx, folder, manifest.tables))
    call.print(`Restored ${sayCounts(manifest)}, as of ${manifest.at}. Prove it: npm run andon -- verify`)
    return exit.well
  } finally {
    await database.close()
  }
}

export const backupCommand: Command = {
  summary: 'write everything into a folder: tables, checkpoints, photos; signed',
  usage: '<folder>',
  help: [
    'One moment of the database, as lines of JSON, with every checkpoint, photo and file, and a manifest signed under the secret of the installation.',
    'PostgreSQL may go on working meanwhile; an embedded database (PGlite) is held by its service, which must be stopped first.',
    'The folder must not exist and holds personal data. The secret is not in it. A run that was cut short leaves <folder>.partial.',
    'Exit code 0: written. 1: written, but a photo was changed and left out. 2: it could not run.',
  ],
  options: {},
  words: 1,
  run: runBackup,
}

export const restoreCommand: Command = {
  summary: 'bring a backup into an empty database, embedded or PostgreSQL',
  usage: '<folder>',
  help: [
    'Checks the whole backup first and changes nothing when a byte of it is not as it was written. The database must be empty and the secret the same.',
    'Stop the Andon that the backup came from before you start this one: both would send. Work that was under way is done again.',
    'Exit code 0: restored. 2: it could not run; the database is as it was then.',
  ],
  options: {},
  words: 1,
  run: runRestore,
}
