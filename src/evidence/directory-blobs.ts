import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BlobKey, type BlobStore, blobKey, isBlobKey, keyOf, largestBlob, verifyBlob } from './blobs.ts'

export type DirectoryOptions = {
  /** Made when it is missing, readable by its owner only. */
  readonly dir: string
  /** In bytes; `largestBlob` by default. */
  readonly largest?: number
}

/**
 * Blobs as files: `<dir>/ab/cd/abcd…`, so that no folder grows past a few thousand names at ten million photos.
 *
 * A file appears whole or not at all: it is written under `.incoming`, flushed, renamed, and its folders are flushed. Whatever a crash leaves
 * in `.incoming` is never read. A name that exists is never written again: its bytes are hashed instead, and when they are not what the name
 * says, `put` throws and leaves the changed file as the evidence it now is.
 */
export const createDirectoryBlobs = ({ dir, largest = largestBlob }: DirectoryOptions): BlobStore => {
  const pathOf = (key: BlobKey): string => join(dir, key.slice(0, 2), key.slice(2, 4), blobKey(key))

  const store: BlobStore = {
    put: async (bytes, mime) => {
      const key = keyOf(bytes, largest)
      if (await store.has(key)) await refuseChanged(store, key)
      else await write(dir, pathOf(key), bytes)
      return { key, size: bytes.byteLength, mime }
    },
    get: async (key) => {
      const path = pathOf(key)
      const size = await sizeOf(path)
      if (size === null) return null
      if (!(size <= largest)) throw new RangeError(`the stored blob has ${size} bytes, over the limit of ${largest}`)
      return new Uint8Array(await readFile(path))
    },
    has: async (key) => (await sizeOf(pathOf(key))) !== null,
    list: () => walk(dir),
  }
  return store
}

const refuseChanged = async (store: BlobStore, key: BlobKey): Promise<void> => {
  if ((await verifyBlob(store, key)) !== 'intact') {
    throw new Error(
      `the stored blob ${key} is not what its name says: keep the file, restore it from a copy, and find out who changed it`,
    )
  }
}

/** Two writers of the same bytes may both get here; each renames its own equal file into place, and either is right. */
const write = async (dir: string, path: string, bytes: Uint8Array): Promise<void> => {
  const incoming = join(dir, '.incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = join(incoming, randomUUID())
  try {
    await flushed(draft, bytes)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  for (const folder of [dirname(path), dirname(dirname(path)), dir]) await flushFolder(folder)
}

const flushed = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Without this a rename may be lost in a power cut although the file's bytes are safe. Windows cannot open folders, and needs it not. */
const flushFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The size of a plain file; null for nothing, and for links and folders, which this store never makes. */
const sizeOf = async (path: string): Promise<number | null> => {
  try {
    const found = await lstat(path)
    return found.isFile() ? found.size : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function* walk(dir: string): AsyncGenerator<{ readonly key: BlobKey; readonly size: number }> {
  for (const first of await folders(dir)) {
    for (const second of await folders(join(dir, first))) {
      const names = await namesIn(join(dir, first, second))
      for (const key of names.filter((name) => isBlobKey(name) && name.startsWith(first + second))) {
        const size = await sizeOf(join(dir, first, second, key))
        if (size !== null) yield { key, size }
      }
    }
  }
}

const folders = async (path: string): Promise<readonly string[]> =>
  (await namesIn(path)).filter((name) => /^[0-9a-f]{2}$/.test(name))

const namesIn = async (path: string): Promise<readonly string[]> => {
  try {
    return (await readdir(path)).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
