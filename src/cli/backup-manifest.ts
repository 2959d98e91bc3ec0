import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { canonical, hmacSha256, sameSecret, sha256 } from '../lib/crypto.ts'
import { CannotRun } from './command.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.number().int().min(0)

const body = z.strictObject({
  format: z.literal('andon backup 1'),
  at: z.iso.datetime(),
  /** A backup of the demo is not restored among real cases, nor the reverse. */
  kind: z.enum(['demo', 'real', 'unmarked']),
  /** The steps of the schema that the tables are of. */
  schema: z.array(z.string()),
  tables: z.array(z.strictObject({ name: z.string().regex(/^[a-z_]+$/), rows: count, sha256: digest })),
  checkpoints: z.array(z.strictObject({ name: z.string(), sha256: digest })),
  /** The blobs prove themselves by their names; this is the SHA-256 of the list of names. */
  blobs: z.strictObject({ count, sha256: digest }),
})
const signed = body.extend({ signature: digest })

export type Manifest = z.infer<typeof body>

const signatureOf = (secret: string, content: Manifest): string =>
  hmacSha256(hmacSha256(secret, 'andon backup'), canonical(content))

export const writeManifest = (secret: string, content: Manifest): string =>
  `${JSON.stringify({ ...content, signature: signatureOf(secret, content) }, null, 1)}\n`

/** What a backup says it holds. Throws CannotRun when it is none, or was not made under this secret, or was changed since. */
export const readManifest = async (folder: string, secret: string): Promise<Manifest> => {
  let raw: unknown
  try {
    raw = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
  } catch {
    throw new CannotRun(`${folder} is not a backup: its manifest.json cannot be read. A backup that was cut short has none.`)
  }
  const parsed = signed.safeParse(raw)
  if (!parsed.success) throw new CannotRun(`${folder} is not a backup of a kind that this release knows.`)
  const { signature, ...content } = parsed.data
  if (!sameSecret(signature, signatureOf(secret, content)))
    throw new CannotRun(
      'The backup was made under another secret, or its manifest was changed. Put the secret of that installation into ANDON_SECRET or the file `secret` of the data directory.',
    )
  return content
}

/** The SHA-256 and the number of lines of a file that may be larger than memory. */
export const measureFile = async (path: string): Promise<{ readonly sha256: string; readonly rows: number }> => {
  const hash = createHash('sha256')
  let rows = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    for (const byte of chunk) if (byte === 0x0a) rows += 1
  }
  return { sha256: hash.digest('hex'), rows }
}

export const listDigest = (keys: readonly string[]): string => sha256(keys.join('\n'))
