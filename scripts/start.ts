/** `npm start`: the service and, without real connections, the sandbox beside it. Two processes, so that killing one leaves the other standing. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const port = process.env.PORT ?? '8080'
const sandboxPort = process.env.SANDBOX_PORT ?? '8090'
const withSandbox = !process.env.ANDON_CONFIG
const env = {
  ...process.env,
  SANDBOX_SECRET: process.env.SANDBOX_SECRET ?? randomBytes(24).toString('hex'),
  PORT: port,
  SANDBOX_PORT: sandboxPort,
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
}

const children: ChildProcess[] = []
const stopAll = (code: number): void => {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}

/** Starts a process and resolves with the line it prints when it is ready; the whole stops when one of them ends. */
const run = (path: string, ready: RegExp, more: NodeJS.ProcessEnv = {}): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [file(path)], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    let text = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      text = (text + bytes.toString()).slice(-10_000)
      const found = ready.exec(text)
      if (found?.[1]) resolve(found[1])
    })
    child.once('exit', (code) => stopAll(code ?? 1))
  })

process.once('SIGINT', () => stopAll(0))
process.once('SIGTERM', () => stopAll(0))

if (withSandbox) {
  const sandbox = run('sandbox/main.ts', /sandbox (http:\S+)/, { SERVICE_URLS: `http://127.0.0.1:${port}` })
  const service = run('src/node.ts', /service (http:\S+)/)
  const [sandboxUrl, serviceUrl] = await Promise.all([sandbox, service])
  console.log(
    `\n  Andon service   ${serviceUrl}\n  Sandbox phones  ${sandboxUrl}\n\n  Open the second address, pick 张伟's phone and send a sample photo with 3号泵房漏油.\n`,
  )
} else {
  console.log(`\n  Andon service   ${await run('src/node.ts', /service (http:\S+)/)}\n`)
}
