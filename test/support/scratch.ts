import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread } from 'node:worker_threads'

/** The process that a whole run belongs to: vitest's own when this is one of its workers, otherwise this very process. */
export const run = process.env.VITEST_POOL_ID !== undefined && isMainThread ? process.ppid : process.pid

const inMemory = '/dev/shm'
/** The number by which Linux knows a file system in memory (`TMPFS_MAGIC`, linux/magic.h). */
const tmpfs = 0x01021994
/** What a run needs at most, several times over. */
const enough = 2 * 1024 ** 3

/**
 * Databases of tests are kept in memory where there is room. Each is hundreds of files, made and deleted within seconds, and ext4 passes over every inode
 * that was deleted a moment ago before it makes another one (`recently_deleted`, fs/ext4/ialloc.c): a third of all the time went there.
 */
const base = (): string => {
  try {
    const { type, bavail, bsize } = statfsSync(inMemory)
    const room = Math.min(bavail * bsize, process.availableMemory())
    return type === tmpfs && room >= enough ? inMemory : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** Containers may share the folder, and then the numbers of their processes mean nothing to each other. */
const homePrefix = `andon-test-run-${hostname()}-`
const homeIn = (parent: string): string => join(parent, `${homePrefix}${run}`)
/** Where it is already, because memory may have become scarce since another worker of the run made it. */
const home = [inMemory, tmpdir()].map(homeIn).find((path) => existsSync(path)) ?? homeIn(base())

/** The folder of the whole run; it is deleted when the run ends. */
export const runFolder = (): string => {
  mkdirSync(home, { recursive: true })
  return home
}

/** A new folder for one test, deleted with the run at the latest. */
export const scratch = (prefix: string): string => mkdtempSync(join(runFolder(), prefix))

/** True while a process of that number runs. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Deletes what runs have left that were killed. */
export const forgetDeadRuns = (): void => {
  for (const parent of [inMemory, tmpdir()].filter((path) => existsSync(path)))
    for (const name of readdirSync(parent).filter((one) => one.startsWith(homePrefix))) {
      const process = Number(name.slice(homePrefix.length))
      if (process > 0 && !alive(process)) rmSync(join(parent, name), { recursive: true, force: true })
    }
}

const makeWithin = 90_000

/** True for the one caller, over all workers of the run, that comes first. */
const isFirst = (claim: string): boolean => {
  try {
    mkdirSync(claim)
    return true
  } catch {
    return false
  }
}

const fill = async (claim: string, ready: string, make: (folder: string) => Promise<void>): Promise<void> => {
  try {
    const draft = join(claim, 'draft')
    mkdirSync(draft)
    await make(draft)
    renameSync(draft, ready)
  } catch (error) {
    writeFileSync(join(claim, 'failure'), error instanceof Error ? error.message : String(error))
  }
}

/** A folder that the whole run shares: the worker that asks first fills it, the others wait. Throws in all of them when that failed, and after 90 seconds. */
export const madeOnce = async (name: string, make: (folder: string) => Promise<void>): Promise<string> => {
  const ready = join(runFolder(), name)
  const claim = `${ready}.claim`
  const failure = join(claim, 'failure')
  if (isFirst(claim)) await fill(claim, ready, make)
  for (let waited = 0; waited < makeWithin; waited += 50) {
    if (existsSync(ready)) return ready
    if (existsSync(failure)) throw new Error(`${name} could not be made: ${readFileSync(failure, 'utf8')}`)
    await sleep(50)
  }
  throw new Error(`${name} was not made within ${makeWithin / 1000} s; see ${claim}`)
}
