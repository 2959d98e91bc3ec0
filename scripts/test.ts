/** `npm test`: types, style and every test layer. Ends with a line of counts; exits non-zero when anything failed or nothing ran. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (path: string): string => join(root, 'node_modules', path)

const folder = mkdtempSync(join(tmpdir(), 'andon-test-'))
const report = join(folder, 'report.json')
/** Some two hundred processes are started from the same sources; from the second on they find them compiled. */
const compiled = join(folder, 'compiled')

const run = (label: string, args: readonly string[]): boolean => {
  console.log(`\n— ${label}`)
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', NODE_COMPILE_CACHE: compiled },
  })
  return status === 0
}

const only = process.argv.slice(2)
const checks: readonly (readonly [string, () => boolean])[] = [
  ['types', () => run('types', [bin('typescript/lib/tsc.js'), '-p', '.'])],
  ['style', () => run('style', [bin('@biomejs/biome/bin/biome'), 'check', '.'])],
]
const failedChecks = only.length > 0 ? [] : checks.filter(([, check]) => !check()).map(([name]) => name)
const started = performance.now()
run('tests', [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only])

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}
const read = (): Report | null => {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report
  } catch {
    return null
  }
}
const result = read()
rmSync(folder, { recursive: true, force: true })
const passed = (result?.numPassedTests ?? 0) + (only.length > 0 ? 0 : checks.length - failedChecks.length)
const broken = result && !result.success && result.numFailedTests === 0 ? Math.max(1, result.numFailedTestSuites) : 0
const failed = (result?.numFailedTests ?? 1) + broken + failedChecks.length
if (failedChecks.length > 0) console.log(`\nfailed checks: ${failedChecks.join(', ')}`)
console.log(`\ntests took ${Math.round((performance.now() - started) / 1000)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > checks.length ? 0 : 1)
