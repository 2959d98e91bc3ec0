import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.ts'
import { spawnWrangler } from './wrangler.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What only Node has, or what only a process that stays may hold. */
const nodeOnly = [
  /^node:(?:fs|net|tls|http|https|os|child_process|worker_threads|cluster|module|path|url)(?:\/|$)/,
  /^(?:sharp|exifr|ws|pino|prom-client|node-cron|pg-boss|yaml|dingtalk-stream)(?:\/|$)/,
  /^@electric-sql\/pglite/,
  /^@hono\/node-server/,
]
/** Our own parts that need them. */
const nodeParts =
  /^src\/(?:node|config|parts|cli|cli\/.*|db\/(?:pglite|postgres)|bots\/\w+\/stream|evidence\/(?:directory-blobs|photo-\w+|pixels|intake))\.ts$/

type Reach = {
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlyMap<string, string>
  readonly unread: readonly string[]
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** Everything a file loads when it runs: imports and re-exports that are not types alone, and `import()` of a literal. */
const loads = (text: string): readonly string[] => {
  const fixed = text.matchAll(/^\s*(?:import|export)\s+(?!type\b)(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/gm)
  const dynamic = text.matchAll(/(?<!typeof\s)\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [...fixed, ...dynamic].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

/** `import()` of anything but a literal: nobody can tell what it loads. */
const blind = (text: string): boolean => /\bimport\(\s*[^'"\s]/.test(text)

const walk = (entry: string): Reach => {
  const files = new Set<string>()
  const packages = new Map<string, string>()
  const unread: string[] = []
  const line = [join(root, entry)]
  for (let file = line.pop(); file !== undefined; file = line.pop()) {
    const name = relative(root, file)
    if (files.has(name)) continue
    files.add(name)
    const text = withoutComments(readFileSync(file, 'utf8'))
    if (blind(text)) unread.push(name)
    for (const one of loads(text)) {
      if (one.startsWith('.')) line.push(resolve(dirname(file), one))
      else packages.set(one, name)
    }
  }
  return { files, packages, unread }
}

const forbidden = ({ files, packages }: Reach): readonly string[] => [
  ...[...packages].filter(([name]) => nodeOnly.some((one) => one.test(name))).map(([name, from]) => `${from} loads ${name}`),
  ...[...files].filter((name) => nodeParts.test(name)),
]

describe('what the Worker can reach', () => {
  test('nothing that only Node has', () => {
    const reach = walk('src/worker.ts')
    expect(forbidden(reach)).toEqual([])
    expect(reach.unread).toEqual([])
    expect([...reach.files]).toContain('src/engine/outbox.ts')
  })

  test('the same look at the Node entry finds what it must find, so that it is not blind', () => {
    const found = forbidden(walk('src/node.ts'))
    for (const name of [
      'pino',
      'pg-boss',
      'node-cron',
      '@hono/node-server',
      '@electric-sql/pglite',
      'node:fs',
      'dingtalk-stream',
    ])
      expect(
        found.some((line) => line.endsWith(`loads ${name}`)),
        `${name} in ${found.join('\n')}`,
      ).toBe(true)
    expect(found).toContain('src/bots/feishu/stream.ts')
  })

  test('a Worker performs nothing that needs a module to remember it: no timers, no top-level state that changes', () => {
    const stateful = [...walk('src/worker.ts').files]
      .filter((name) => name.startsWith('src/worker'))
      .filter((name) =>
        /^(?:let|var)\s|^(?:export\s+)?const\s+\w+\s*=\s*new\s+(?:Map|Set)/m.test(readFileSync(join(root, name), 'utf8')),
      )
    expect(stateful).toEqual([])
  })

  test('and wrangler bundles exactly that: no package of Node comes in by another way', async () => {
    const home = scratch('andon-bundle-')
    try {
      const child = spawnWrangler(home, [
        'deploy',
        '--dry-run',
        '--outdir',
        join(home, 'out'),
        '--metafile',
        join(home, 'out', 'meta.json'),
      ])
      let said = ''
      const hear = (bytes: Buffer): void => {
        said += bytes.toString()
      }
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear)
      const code = await new Promise((resolveCode) => child.once('exit', resolveCode))
      expect(code, said).toBe(0)
      const meta = readdirSync(join(home, 'out')).find((name) => name.endsWith('.json')) ?? 'none'
      const { inputs } = JSON.parse(readFileSync(join(home, 'out', meta), 'utf8')) as {
        readonly inputs: Readonly<Record<string, unknown>>
      }
      const names = Object.keys(inputs)
      expect(names.some((name) => name.endsWith('src/worker.ts'))).toBe(true)
      const packaged = /node_modules\/(?:sharp|exifr|pino|prom-client|node-cron|pg-boss|dingtalk-stream|@electric-sql|@hono)\//
      expect(names.filter((name) => packaged.test(name))).toEqual([])
      // The Feishu SDK brings `ws` for its long connection; what is bundled is its stand-in for browsers, which only throws.
      expect(names.filter((name) => /node_modules\/ws\//.test(name)).map((name) => name.split('/').pop())).toEqual(['browser.js'])
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })
})
