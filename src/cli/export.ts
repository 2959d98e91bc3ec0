import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDirectoryBlobs } from '../evidence/directory-blobs.ts'
import { readBundle } from './bundle.ts'
import {
  type Call,
  CannotRun,
  type Command,
  clockOf,
  type Exit,
  exit,
  findCase,
  flagText,
  withDatabase,
  wordAt,
} from './command.ts'

const readme = (code: string): string => `Case ${code}, exported from Andon

case.json   the case as it stood at "exportedAt": state, journal, seals, deliveries, names
photos/     every photo and file of the case; the name is the SHA-256 of the bytes
check.mjs   checks this folder: node check.mjs (Node 20 or newer, no network, no database)

What it proves, and how to check it with any other tool
1. A photo is the one that was stored: its SHA-256 (sha256sum) is its name, and that name stands in an event of the journal.
2. No entry was changed, removed, added or reordered since the last one was written: each entry's "hash" is the SHA-256 of the entry without
   its "hash", written as JSON with sorted keys and no spaces, in UTF-8. "prev" is the hash of the entry before; for the first entry it is
   the SHA-256 of: andon journal <site> <id of the case>
3. The case is sealed: a seal's "body" lists [id, number of entries, hash of the last entry] of every case that changed in that moment.
   A seal's "hash" is an HMAC-SHA-256 under the secret of the installation, so only the operator can recompute it. Whoever received a
   checkpoint file of the operator earlier can compare the hash of this case in it without trusting the operator.
   An entry from which a person's identity was taken out keeps the hash it was written under; "redactions" says which, when, by whom and why. Only
   the operator can prove such a record (it is keyed with the secret); without one the entry counts as changed.
4. Times are UTC as the service wrote them. Deliveries are a log beside the chain: they say what the platforms answered, and are not hashed.
`

/** Writes a folder that tells and proves one case to somebody who has nothing else. */
const runExport = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const found = await findCase(database.db, wordAt(call, 0))
    const name = /^[\w-]{1,80}$/.test(found.code) ? found.code : found.id.replaceAll(/[^\w-]/g, '_')
    const folder = resolve(flagText(call, 'out') ?? '.', name)
    if (existsSync(folder)) throw new CannotRun(`${folder} exists already. Move it away, or name another place with --out.`)
    const at = (await clockOf(database, config)).now()
    const blobs = createDirectoryBlobs({ dir: config.blobs.dir })
    const { content, photos } = await readBundle(database.db, blobs, found, at)
    mkdirSync(join(folder, 'photos'), { recursive: true, mode: 0o700 })
    for (const { path, bytes } of photos) if (path !== null && bytes !== null) writeFileSync(join(folder, path), bytes)
    writeFileSync(join(folder, 'case.json'), `${JSON.stringify(content, null, 1)}\n`)
    writeFileSync(join(folder, 'README.txt'), readme(name))
    copyFileSync(fileURLToPath(new URL('./bundle-check.mjs', import.meta.url)), join(folder, 'check.mjs'))
    const bad = photos.filter((photo) => photo.found !== 'intact')
    for (const photo of bad) call.print(`The photo ${photo.key} is ${photo.found}.`)
    call.print(
      `Wrote ${content.journal.length} entries, ${content.deliveries.length} deliveries and ${photos.length} photos to ${folder}. To check it: node check.mjs`,
    )
    return bad.length === 0 ? exit.well : exit.findings
  })

export const exportCommand: Command = {
  summary: 'write one case as a folder that an outsider can read and check',
  usage: '<code> [--out <folder>]',
  help: [
    'The folder holds state, journal with hashes, seals, deliveries, photos, and a description of how to check them without Andon. It contains personal data.',
    'Exit code 0: written. 1: written, but a photo is missing or changed. 2: it could not run.',
  ],
  options: { out: { type: 'string' } },
  words: 1,
  run: runExport,
}
