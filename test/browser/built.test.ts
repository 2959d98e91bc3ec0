import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requirePages } from '../support/browser.ts'
import { scratch } from '../support/scratch.ts'

let directory = ''
beforeEach(() => {
  directory = scratch('andon-dist-')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const missing = (file: string): string =>
  `The pages are not built: ${join(directory, file)} is missing. Run \`npm run prepare\`, then test again.`

test('whoever has not built the pages is told what to run', () => {
  expect(() => requirePages([directory])).toThrow(missing('index.html'))
})

test('a page whose script or style sheet is missing is not built', () => {
  writeFileSync(join(directory, 'index.html'), '<script src="/assets/a-1.js"></script><link href="/assets/a-2.css" />')
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'assets/a-1.js'), '')
  expect(() => requirePages([directory])).toThrow(missing('assets/a-2.css'))
  writeFileSync(join(directory, 'assets/a-2.css'), '')
  expect(() => requirePages([directory])).not.toThrow()
})

test('both pages are built', () => {
  expect(() => requirePages()).not.toThrow()
})
