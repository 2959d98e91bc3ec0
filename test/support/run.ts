/** What every run of the tests begins and ends with, in vitest's own process. */
import { rmSync } from 'node:fs'
import { endPostgres } from './postgres.ts'
import { forgetDeadRuns, runFolder } from './scratch.ts'

/** The folder is made before there are workers, so that all of them find the same one. */
export const setup = (): void => {
  forgetDeadRuns()
  runFolder()
}

/** The server deletes the folder itself, after its last file in there is closed. */
export const teardown = (): void => {
  if (!endPostgres()) rmSync(runFolder(), { recursive: true, force: true })
}
