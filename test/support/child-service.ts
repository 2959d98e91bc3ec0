import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The service as a process of its own, so that it can be killed as a crash would kill it. */
export type ChildService = {
  readonly start: () => Promise<void>
  /** `kill -9`; resolves when the process is gone. Nothing of it runs on, no handler, no farewell. */
  readonly kill: () => Promise<void>
  /** Stops the process in its tracks, so that it keeps its sockets and locks; `thaw` lets it go on where it was. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** A deploy's stop: SIGTERM, and the process ends by itself. */
  readonly stop: () => Promise<void>
  /** False too when it ended by itself, which a service must never do. */
  readonly running: () => boolean
  /** The last words of the process, for the message of a failing test. */
  readonly said: () => string
}

const entry = fileURLToPath(new URL('../../src/node.ts', import.meta.url))
const startWithin = 60_000
const mostWords = 20_000

type Lives = { readonly child: ChildProcess; readonly gone: Promise<void> }

/** Variables that would change what the child is, whatever the shell that runs the tests says. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(ANDON_|SANDBOX_|DATABASE_|VITEST|NODE_OPTIONS$|NODE_ENV$|PORT$)/.test(name),
    ),
  )

/** Creates the service with this environment. Every start is a new process on the same port, database and directory; nothing is started yet. */
export const createChildService = (env: NodeJS.ProcessEnv): ChildService => {
  let lives: Lives | null = null
  let words = ''
  const hear = (bytes: Buffer): void => {
    words = (words + bytes.toString()).slice(-mostWords)
  }

  const launch = (): Lives => {
    const child = spawn(process.execPath, [entry], { env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr?.on('data', hear)
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    void gone.then(() => {
      if (lives?.child !== child) return
      lives = null
      hear(Buffer.from('(the process ended by itself)\n'))
    })
    return { child, gone }
  }

  const ready = ({ child, gone }: Lives): Promise<void> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the service ${why}\n${words}`))
      const timer = setTimeout(fail, startWithin, 'did not start in time')
      let text = ''
      child.stdout?.on('data', (bytes: Buffer) => {
        hear(bytes)
        text = (text + bytes.toString()).slice(-mostWords)
        if (!/^service http:\S+/m.test(text)) return
        clearTimeout(timer)
        resolve()
      })
      void gone.then(() => {
        clearTimeout(timer)
        fail('ended before it was ready')
      })
    })

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const last = lives
    lives = null
    if (!last) return
    last.child.kill(signal)
    await last.gone
  }

  return {
    start: async () => {
      if (lives) throw new Error('the service runs already')
      const next = launch()
      lives = next
      await ready(next)
    },
    kill: () => end('SIGKILL'),
    freeze: () => void lives?.child.kill('SIGSTOP'),
    thaw: () => void lives?.child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    running: () => lives !== null,
    said: () => words,
  }
}
