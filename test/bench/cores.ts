/**
 * Who runs where. The process under test has a core to itself; the generator, the stand-in of the platforms and this bench share the second. PostgreSQL gets
 * the third where there is one and shares the second where there is not, because in production it is another machine's and must not take from the server's core.
 * Without `taskset` (not Linux) nothing is pinned, and the report says so.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export type Cores = { readonly server: number; readonly load: number; readonly database: number; readonly pinned: boolean }

/** `0-3,6` as numbers. */
const listOf = (text: string): readonly number[] =>
  text.split(',').flatMap((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })

/** Only cores that this process may use: a container may own few of the machine's. */
const allowed = (): readonly number[] => {
  try {
    return listOf(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '')
  } catch {
    return []
  }
}

const choose = (): Cores => {
  const free = allowed()
  const pinned = free.length > 1 && spawnSync('taskset', ['-V']).status === 0
  const [server = 0, load = server, database = load] = free
  return { server, load, database, pinned }
}

export const cores: Cores = choose()

/** Moves a running process, its threads and its children to a core. */
export const move = (pid: number, core: number): void => {
  if (!cores.pinned) return
  for (const one of [pid, ...childrenOf(pid)]) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(one)])
}

export type Started = {
  readonly child: ChildProcess
  readonly pid: number
  /** What its line of readiness said. */
  readonly said: string
  /** Sends one order and gives the answer; one at a time. */
  readonly ask: <T>(order: object) => Promise<T>
  readonly stop: () => Promise<void>
}

export type StartOptions = {
  readonly file: string
  readonly core: number
  readonly ready: RegExp
  readonly args?: readonly string[]
  readonly flags?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a Node process on a core. Rejects when it ends before its line of readiness. */
export const startOn = ({ file, core, ready, args = [], flags = [], env = {} }: StartOptions): Promise<Started> =>
  new Promise((resolve, reject) => {
    const node = [process.execPath, ...flags, file, ...args]
    const [command = '', ...rest] = cores.pinned ? ['taskset', '-c', String(core), ...node] : node
    const child = spawn(command, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    running.add(child)
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    child.once('exit', (code, signal) => {
      running.delete(child)
      reject(new Error(`${file} ended (${signal ?? code}) before it was ready`))
    })
    child.once('error', reject)
    let text = ''
    let heard = false
    child.stdout?.on('data', (bytes: Buffer) => {
      // What a process says after it is ready is trouble that somebody should see.
      if (heard) return void process.stderr.write(bytes)
      text = (text + bytes.toString()).slice(-10_000)
      const found = ready.exec(text)
      if (!found) return
      heard = true
      resolve({ child, pid: child.pid ?? 0, said: found[1] ?? '', ask: asking(child), stop: () => stopping(child, ended) })
    })
  })

const asking =
  (child: ChildProcess) =>
  <T>(order: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const died = (): void => reject(new Error('the process died while it was asked'))
      child.once('exit', died)
      child.once('message', (answer) => {
        child.off('exit', died)
        resolve(answer as T)
      })
      child.send(order)
    })

/** A process that has much to finish is given 5 s. */
const stopping = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}

// ── What a process costs ─────────────────────────────────────────────────────────────────────────────────────────────

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

const ticks = (pid: number, withReaped: boolean): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [11, 12, ...(withReaped ? [13, 14] : [])].reduce((sum, at) => sum + Number(fields[at]), 0)
  } catch {
    return 0
  }
}

/** Milliseconds of processor time so far, to 10 ms; with `family` that of all its children too. 0 where there is no /proc. */
export const cpuOf = (pid: number, family = false): number =>
  10 * (ticks(pid, family) + (family ? childrenOf(pid).reduce((sum, child) => sum + ticks(child, false), 0) : 0))

/** Resident megabytes of a process, and of its children where they are part of the service. */
export const megabytesOf = (pid: number): number => {
  try {
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
  } catch {
    return Number.NaN
  }
}

/** Processes of other programs that want a processor right now; a bench among many is worth little. */
export const loadAverage = (): number => {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0])
  } catch {
    return Number.NaN
  }
}

export const threadsOf = (pid: number): number => readdirSync(`/proc/${pid}/task`).length
