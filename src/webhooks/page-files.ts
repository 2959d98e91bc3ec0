import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Asset } from './miniapp.ts'

const mimes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Names of one or two plain segments; none of them can climb. */
const safePath = /^(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.([a-z0-9]{2,5})$/

/** The built page as files on this machine (Node). What does not exist, and what is no plain name, is null. */
export const createPageFiles =
  (directory: string) =>
  async (path: string): Promise<Asset | null> => {
    const mime = mimes[safePath.exec(path)?.[1] ?? '']
    if (mime === undefined) return null
    try {
      return { bytes: await readFile(join(directory, path)), mime }
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR')
      )
        return null
      throw error
    }
  }
