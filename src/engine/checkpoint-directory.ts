import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CheckpointStore, seqOfName } from './checkpoint.ts'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const ifThere = async <T>(read: Promise<T>): Promise<T | null> => {
  try {
    return await read
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Without this a new name may be lost in a power cut although the file's bytes are safe. Windows cannot open folders, and needs it not. */
const flushFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A name appears with all its bytes or not at all, and only once: a second link to it is refused by the file system. */
const appendFile = async (dir: string, name: string, bytes: Uint8Array): Promise<boolean> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const draft = join(dir, `.${randomUUID()}`)
  try {
    const file = await open(draft, 'wx', 0o400)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, join(dir, name))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
  await flushFolder(dir)
  return true
}

/** Checkpoints as files in a directory. Replicas that share a database share this directory, or each would miss the files of the others. */
export const createCheckpointDirectory = (dir: string): CheckpointStore => ({
  place: dir,
  list: async () =>
    ((await ifThere(readdir(dir))) ?? [])
      .filter((name) => seqOfName(name) !== null)
      .sort((a, b) => (seqOfName(a) ?? 0) - (seqOfName(b) ?? 0)),
  read: async (name) => {
    if (seqOfName(name) === null) throw new TypeError('not the name of a checkpoint')
    const bytes = await ifThere(readFile(join(dir, name)))
    return bytes === null ? null : new Uint8Array(bytes)
  },
  append: (name, bytes) => appendFile(dir, name, bytes),
})
