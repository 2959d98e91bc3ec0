import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPlatformProxy } from 'wrangler'
import { type BlobStore, verifyBlob } from '../../src/evidence/blobs.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { createR2Blobs, type R2Bucket } from '../../src/evidence/r2-blobs.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { scratch } from '../support/scratch.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const listed = (store: BlobStore) => Array.fromAsync(store.list())
const notKeys = ['', '../../etc/passwd', sha256('x').toUpperCase(), `${sha256('x')}\n`, `${sha256('x')}/..`, sha256('x').slice(1)]

/** What every store promises. */
const promises = (fresh: () => Promise<BlobStore>): void => {
  test('what is put is got back under the hash of its bytes', async () => {
    const store = await fresh()
    expect(await store.put(bytes('oil leak'), 'image/jpeg')).toEqual({ key: sha256('oil leak'), size: 8, mime: 'image/jpeg' })
    expect(await store.get(sha256('oil leak'))).toEqual(bytes('oil leak'))
    expect(await store.has(sha256('oil leak'))).toBe(true)
    expect(await verifyBlob(store, sha256('oil leak'))).toBe('intact')
  })

  test('the same bytes twice, or ten times at once, are one blob', async () => {
    const store = await fresh()
    const stored = await Promise.all(Array.from({ length: 10 }, () => store.put(bytes('same'), 'image/jpeg')))
    await store.put(bytes('same'), 'image/png')
    expect(new Set(stored.map(({ key }) => key))).toEqual(new Set([sha256('same')]))
    expect(await listed(store)).toEqual([{ key: sha256('same'), size: 4 }])
  })

  test('what was never put is null', async () => {
    const store = await fresh()
    expect(await store.get(sha256('never'))).toBeNull()
    expect(await store.has(sha256('never'))).toBe(false)
    expect(await verifyBlob(store, sha256('never'))).toBe('missing')
    expect(await listed(store)).toEqual([])
  })

  test.each(notKeys)('%j is not a key', async (key) => {
    const store = await fresh()
    await expect(store.get(key)).rejects.toThrow(TypeError)
    await expect(store.has(key)).rejects.toThrow(TypeError)
    await expect(verifyBlob(store, key)).rejects.toThrow(TypeError)
  })

  test('bytes over the limit are refused before anything is stored', async () => {
    const store = await fresh()
    await expect(store.put(new Uint8Array(1025), 'image/jpeg')).rejects.toThrow(RangeError)
    await store.put(new Uint8Array(1024), 'image/jpeg')
    await store.put(new Uint8Array(), 'image/jpeg')
    expect((await listed(store)).map(({ size }) => size).sort()).toEqual([0, 1024])
  })

  test('all blobs are listed once, in order', async () => {
    const store = await fresh()
    const keys = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (await store.put(bytes(`photo ${n}`), 'image/jpeg')).key),
    )
    expect((await listed(store)).map(({ key }) => key)).toEqual(keys.sort())
  })
}

describe('a directory', () => {
  let dir = ''
  let n = 0
  beforeAll(async () => {
    dir = scratch('andon-blobs-')
  })
  afterAll(() => rm(dir, { recursive: true }))
  const next = (): string => join(dir, `${++n}`, 'made', 'on', 'demand')
  const pathOf = (at: string, key: string): string => join(at, key.slice(0, 2), key.slice(2, 4), key)

  promises(async () => createDirectoryBlobs({ dir: next(), largest: 1024 }))

  test('files fan out over two levels, are private, and leave no draft', async () => {
    const at = next()
    const { key } = await createDirectoryBlobs({ dir: at }).put(bytes('fan'), 'image/jpeg')
    const path = pathOf(at, key)
    expect(await readFile(path, 'utf8')).toBe('fan')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(at, key.slice(0, 2)))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(at, '.incoming'))).toEqual([])
  })

  test('what a crash left half-written is not a blob, and is no obstacle', async () => {
    const at = next()
    const key = sha256('whole')
    await mkdir(join(at, '.incoming'), { recursive: true })
    await writeFile(join(at, '.incoming', 'draft'), 'who')
    await mkdir(join(at, key.slice(0, 2), key.slice(2, 4)), { recursive: true })
    await writeFile(join(at, key.slice(0, 2), key.slice(2, 4), 'README'), 'foreign')
    await writeFile(join(at, key.slice(0, 2), key.slice(2, 4), sha256('in the wrong folder')), 'foreign')
    const store = createDirectoryBlobs({ dir: at })
    expect(await store.get(key)).toBeNull()
    expect(await listed(store)).toEqual([])
    await store.put(bytes('whole'), 'image/jpeg')
    expect(await listed(store)).toEqual([{ key, size: 5 }])
  })

  test('a changed blob is found, and never written over', async () => {
    const at = next()
    const store = createDirectoryBlobs({ dir: at })
    const { key } = await store.put(bytes('as it was'), 'image/jpeg')
    await writeFile(pathOf(at, key), 'as it was not')
    expect(await verifyBlob(store, key)).toBe('changed')
    await expect(store.put(bytes('as it was'), 'image/jpeg')).rejects.toThrow(key)
    expect(await readFile(pathOf(at, key), 'utf8')).toBe('as it was not')
  })

  test('a blob that has grown past the limit is not read into memory', async () => {
    const at = next()
    const store = createDirectoryBlobs({ dir: at, largest: 16 })
    const { key } = await store.put(bytes('small'), 'image/jpeg')
    await writeFile(pathOf(at, key), 'x'.repeat(17))
    await expect(store.get(key)).rejects.toThrow(RangeError)
  })

  test('a link is not a blob', async () => {
    const at = next()
    const store = createDirectoryBlobs({ dir: at })
    const { key } = await store.put(bytes('target'), 'image/jpeg')
    const linked = sha256('linked')
    await mkdir(join(at, linked.slice(0, 2), linked.slice(2, 4)), { recursive: true })
    await symlink(pathOf(at, key), pathOf(at, linked))
    expect(await store.get(linked)).toBeNull()
    expect((await listed(store)).map((blob) => blob.key)).toEqual([key])
  })
})

describe('an R2 bucket', () => {
  type Proxy = Awaited<ReturnType<typeof getPlatformProxy<Readonly<Record<string, R2Bucket>>>>>
  let dir = ''
  let proxy: Proxy | null = null
  let n = 0
  const buckets = Array.from({ length: 20 }, (_, at) => ({ binding: `B${at}`, bucket_name: `bucket-${at}` }))

  beforeAll(async () => {
    dir = scratch('andon-r2-')
    const configPath = join(dir, 'wrangler.json')
    await writeFile(configPath, JSON.stringify({ name: 'blobs', compatibility_date: '2026-01-01', r2_buckets: buckets }))
    proxy = await getPlatformProxy({ configPath, persist: false })
  })
  afterAll(async () => {
    await proxy?.dispose()
    await rm(dir, { recursive: true })
  })
  const bucket = (): R2Bucket => {
    const found = proxy?.env[`B${n++}`]
    if (!found) throw new Error('no bucket left')
    return found
  }

  promises(async () => createR2Blobs(bucket(), 1024))

  test('what is there is never written over, and foreign objects are not listed', async () => {
    const raw = bucket()
    const store = createR2Blobs(raw)
    const key = sha256('evidence')
    const foreign = { sha256: sha256('changed'), onlyIf: { etagDoesNotMatch: '*' }, httpMetadata: { contentType: 'image/jpeg' } }
    await raw.put(`blobs/${key}`, bytes('changed'), foreign)
    await raw.put('blobs/readme', bytes('changed'), foreign)
    await raw.put(sha256('beside'), bytes('changed'), foreign)
    await store.put(bytes('evidence'), 'image/jpeg')
    expect(await verifyBlob(store, key)).toBe('changed')
    expect(await listed(store)).toEqual([{ key, size: 7 }])
  })
})
