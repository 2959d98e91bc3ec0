import { crc32, inflateRawSync } from 'node:zlib'
import { BadTable } from './certificates-table.ts'

/**
 * Reads the parts of a workbook that are asked for out of its ZIP container (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). What is not asked for is never
 * unpacked, and nothing is unpacked beyond its bound, whatever sizes the file claims.
 */
export type Archive = {
  /** Bytes of one part, at most `most`. Null when there is none; throws BadTable when it is too large or damaged. */
  readonly read: (name: string, most: number) => Buffer | null
}

const [localHeader, centralHeader, endOfDirectory] = [0x04034b50, 0x02014b50, 0x06054b50]
const mostEntries = 2_000

type Entry = {
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

const damaged = (cause?: unknown): BadTable => new BadTable('damaged', cause)

const findEnd = (bytes: Buffer): number => {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65_535); at -= 1)
    if (bytes.readUInt32LE(at) === endOfDirectory) return at
  throw damaged()
}

/** Names in one list only: a name that stands twice could show one content to a scanner and another to us. */
const readDirectory = (bytes: Buffer): ReadonlyMap<string, Entry> => {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > mostEntries) throw new BadTable('too-large')
  const entries = new Map<string, Entry>()
  let at = bytes.readUInt32LE(end + 16)
  for (let n = 0; n < count; n += 1) {
    if (bytes.readUInt32LE(at) !== centralHeader) throw damaged()
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number]
    const called = bytes.toString('utf8', at + 46, at + 46 + name)
    if (entries.has(called)) throw damaged()
    if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw new BadTable('encrypted')
    entries.set(called, {
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    })
    at += 46 + name + extra + comment
  }
  return entries
}

const unpack = (bytes: Buffer, { method, packed, size, at }: Entry, most: number): Buffer => {
  if (size > most) throw new BadTable('too-large')
  if (bytes.readUInt32LE(at) !== localHeader) throw damaged()
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  if (start + packed > bytes.length) throw damaged()
  const data = bytes.subarray(start, start + packed)
  if (method === 0) return data
  if (method !== 8) throw damaged()
  // The bound is kept while it inflates: the size in the directory is only what the file says of itself.
  return inflateRawSync(data, { maxOutputLength: Math.max(1, size) })
}

const tooFar = (error: unknown): boolean => error instanceof RangeError || (error instanceof Error && 'code' in error)

/** Opens a ZIP file held in memory. Throws BadTable for what is none. */
export const openArchive = (bytes: Buffer): Archive => {
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      // A file that points beyond its own end, or does not inflate to what it promised, is damaged; whatever else goes wrong is ours.
      if (error instanceof BadTable || !tooFar(error)) throw error
      throw damaged(error)
    }
  }
  const entries = guarded(() => readDirectory(bytes))
  return {
    read: (name, most) => {
      const entry = entries.get(name)
      if (!entry) return null
      return guarded(() => {
        const content = unpack(bytes, entry, most)
        if (content.length !== entry.size || crc32(content) !== entry.crc) throw damaged()
        return content
      })
    },
  }
}
