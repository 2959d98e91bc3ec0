import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPageFiles } from '../../src/webhooks/page-files.ts'
import { openPlant, type Plant } from './pages-kit.ts'

let plant: Plant
beforeAll(async () => {
  plant = await openPlant()
})
afterAll(() => plant.close())

describe('a file of the page', () => {
  test.each([
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e%2findex.html',
    '/assets/..%5c..%5cpackage.json',
    '/assets/index.html',
    '/assets/index-abcdefgh.js%00.css',
    '/assets/index-abcdefgh.js.map/x',
    '/assets/',
  ])('that is asked for by a crooked name is not looked for: %s', async (path) => {
    const asked: string[] = []
    const watched = plant.with({
      readAsset: async (name) => {
        asked.push(name)
        return null
      },
    })
    expect((await watched.request(path)).status).toBe(404)
    expect(asked).toEqual([])
  })

  test.each([
    '../package.json',
    '../../package.json',
    '/etc/passwd',
    'assets/../../package.json',
    'assets\\x.js',
    '.env',
    'a/b/c.js',
    'index.html\u0000.js',
    'package.json',
    '',
  ])('is never read from outside its folder, even when asked directly: %s', async (path) => {
    const files = createPageFiles(fileURLToPath(new URL('../../miniapp', import.meta.url)))
    expect(await files(path)).toBeNull()
  })

  test('that is there is read with its type', async () => {
    const files = createPageFiles(fileURLToPath(new URL('../../miniapp', import.meta.url)))
    expect((await files('index.html'))?.mime).toBe('text/html; charset=utf-8')
    expect((await files('public/favicon.svg'))?.mime).toBe('image/svg+xml')
  })
})

describe('the pages run on Workers', () => {
  const importsOf = (file: string, seen: Map<string, readonly string[]>): void => {
    if (seen.has(file)) return
    const text = readFileSync(file, 'utf8')
    const names = [...text.matchAll(/^(?:import|export)\s(?!type\b)[^'"]*?from '([^']+)'/gms)].map(([, name = '']) => name)
    seen.set(file, names)
    for (const name of names) if (name.startsWith('.')) importsOf(resolve(dirname(file), name), seen)
  }

  test('so nothing they load touches files, processes or native code', () => {
    const seen = new Map<string, readonly string[]>()
    importsOf(fileURLToPath(new URL('../../src/webhooks/miniapp.ts', import.meta.url)), seen)
    const outside = new Set([...seen.values()].flat().filter((name) => !name.startsWith('.')))
    expect(seen.size).toBeGreaterThan(15)
    expect([...outside].filter((name) => name.startsWith('node:'))).toEqual(['node:crypto'])
    for (const name of ['sharp', 'pg', '@electric-sql/pglite', 'pg-boss', 'ws', 'pino']) expect(outside).not.toContain(name)
  })
})
