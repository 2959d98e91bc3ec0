import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { harmless } from '../engine/findings.ts'
import { createPapers } from '../engine/papers.ts'
import { createRegistry } from '../engine/registry.ts'
import { createDirectoryBlobs } from '../evidence/directory-blobs.ts'
import { paperPdf } from '../papers/paper-pdf.ts'
import { loadPlant } from '../people/plant.ts'
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
import { consoleLog, createDesk } from './console.ts'

const run = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const path = flagText(call, 'pdf')
    if (path === null) throw new CannotRun('Name the file to write with --pdf.')
    const found = await findCase(database.db, wordAt(call, 0))
    const registered = createRegistry().get('permit')
    const row = await database.db.selectFrom('subject').select('workflow').where('id', '=', found.id).executeTakeFirst()
    if (row?.workflow !== 'permit' || !registered) throw new CannotRun(`${harmless(found.code)} is no permit.`)
    const log = consoleLog(call.print)
    const desk = createDesk(database, config, { clock: await clockOf(database, config), site: found.site, log })
    const papers = createPapers({
      ...{ database, blobs: createDirectoryBlobs({ dir: config.blobs.dir }), decide: desk.decide, draw: paperPdf },
      ...{ plantOf: (site: string) => loadPlant(database.db, site), publicUrl: config.publicUrl, log },
    })
    const paper = await papers.of({ site: found.site, id: found.id, registered })
    if (!paper)
      throw new CannotRun(
        `${harmless(found.code)} has no form yet: it was not submitted, or its document is gone from the store.`,
      )
    writeFileSync(resolve(path), paper.bytes, { flag: 'wx', mode: 0o600 })
    call.print(`Wrote ${harmless(path)}: entries 1 to ${paper.revision}, SHA-256 ${paper.document}.`)
    return exit.well
  })

export const permitCommand: Command = {
  summary: 'write the statutory form of a permit as PDF',
  usage: '<code> --pdf <file>',
  help: [
    'The form is made from the journal, kept in the store under its hash, and the hash is written into the journal: asked for again it is the same document.',
    'An existing file is never overwritten. The form names people; the file can be read by its owner alone.',
    'Exit code 0: written. 2: it could not run.',
  ],
  options: { pdf: { type: 'string' } },
  words: 1,
  run,
}
