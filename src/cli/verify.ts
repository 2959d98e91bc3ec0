import { writeCheckpoint } from '../engine/checkpoint.ts'
import { type Finding, harmless, sayFinding } from '../engine/findings.ts'
import type { Redaction } from '../engine/redaction.ts'
import { createRegistry } from '../engine/registry.ts'
import { type Counts, verify } from '../engine/verify.ts'
import { createDirectoryBlobs } from '../evidence/directory-blobs.ts'
import { type Call, type Command, checkpointsOf, clockOf, exit, withDatabase } from './command.ts'
import { consoleLog } from './console.ts'

const many = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`

const sayCounts = ({ cases, entries, seals, lanes, checkpoints, photos, redacted, findings }: Counts): string => {
  const read = [
    many(cases, 'case'),
    many(entries, 'journal entry', 'journal entries'),
    `${many(seals, 'seal')} in ${many(lanes, 'lane')}`,
    many(checkpoints, 'checkpoint'),
    many(photos, 'photo'),
    ...(redacted > 0 ? [many(redacted, 'redacted entry', 'redacted entries')] : []),
  ]
  return `Read ${read.join(', ')}: ${findings === 0 ? 'intact.' : `${many(findings, 'finding')}.`}`
}

/** Findings that are printed; a database that lost a table would give millions, which nobody reads. All are counted. */
const mostPrinted = 1_000

const runVerify = ({ env, print, flags }: Call): Promise<0 | 1> =>
  withDatabase(env, async (database, config) => {
    let printed = 0
    const found = (finding: Finding): void => {
      printed += 1
      if (flags.json === true) print(JSON.stringify(finding))
      else if (printed <= mostPrinted) print(sayFinding(finding))
    }
    const tools = {
      registry: createRegistry(),
      secret: config.secret,
      blobs: createDirectoryBlobs({ dir: config.blobs.dir }),
      checkpoints: checkpointsOf(config),
      found,
      redacted: ({ seq, by, at, reason, stand_in }: Redaction, on: string): void => {
        const words = `${on}: entry ${seq} was redacted at ${at} by ${harmless(by)}: ${harmless(reason)} (${stand_in}).`
        print(flags.json === true ? JSON.stringify({ kind: 'redacted', on, seq, by, at, reason, standIn: stand_in }) : words)
      },
    }
    const counts = await verify(database, tools)
    if (flags.json === true) print(JSON.stringify(counts))
    else {
      if (printed > mostPrinted) print(`… and ${printed - mostPrinted} more findings; --json prints them all.`)
      if (counts.checkpoints === 0)
        print('There is no checkpoint yet, so nothing outside the database vouches for it: npm run andon -- checkpoint')
      print(sayCounts(counts))
    }
    return counts.findings === 0 ? exit.well : exit.findings
  })

export const verifyCommand: Command = {
  summary: 'prove that no entry, case, seal, checkpoint or photo was changed, removed or invented',
  usage: '[--json]',
  help: [
    'Reads every case, journal entry, seal, checkpoint and photo and holds them against each other (docs/proof.md). Changes nothing.',
    'Prints one line per finding and a closing line of counts.',
    'Exit code 0: intact. 1: findings. 2: it could not run.',
  ],
  options: { json: { type: 'boolean' } },
  words: 0,
  run: runVerify,
}

const runCheckpoint = ({ env, print }: Call): Promise<0> =>
  withDatabase(env, async (database, config) => {
    const store = checkpointsOf(config)
    const clock = await clockOf(database, config)
    const written = await writeCheckpoint({ database, clock, secret: config.secret, store, log: consoleLog(print) })
    for (const { name, heads } of written) print(`Wrote ${name} with ${many(heads, 'case')} to ${store.place}.`)
    return exit.well
  })

export const checkpointCommand: Command = {
  summary: 'write a signed checkpoint of all changed cases outside the database, now',
  usage: '',
  help: [
    'The service does the same every hour. Copy the directory of checkpoints to a place that whoever can write the database cannot write.',
    'Exit code 0: written. 2: it could not run.',
  ],
  options: {},
  words: 0,
  run: runCheckpoint,
}
