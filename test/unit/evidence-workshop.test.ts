import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { takeIn } from '../../src/evidence/intake.ts'
import { createPhotoWorkshop, type PhotoWorkshop, type PhotoWorkshopOptions } from '../../src/evidence/photo-worker.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { about, plain, quarters } from './evidence-pictures.ts'

const open: PhotoWorkshop[] = []
const workshop = (options: PhotoWorkshopOptions = {}): PhotoWorkshop => {
  const made = createPhotoWorkshop(options)
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()))
  expect(children()).toEqual([])
})

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Fields of `/proc/<pid>/stat` after the name: state, parent, … */
const stat = (path: string): readonly string[] =>
  read(path)
    .replace(/^.*\) /s, '')
    .split(' ')

/** Our living photo processes, as the kernel sees them. */
const children = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => stat(`/proc/${pid}/stat`)[1] === String(process.pid) && stat(`/proc/${pid}/stat`)[0] !== 'Z')
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes('photo-child'))

/** Resident kilobytes. A process that has only started stays far below; decoding `heavy` takes it far above. */
const memory = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
const atWork = (pid: number): boolean => memory(pid) > 250_000

const until = async <T>(find: () => T | undefined): Promise<T> => {
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Waits for a photo process in the middle of `heavy`, and kills it. Gives its id. */
const killAtWork = async (except: readonly number[] = []): Promise<number> => {
  const pid = await until(() => children().find((child) => !except.includes(child) && atWork(child)))
  process.kill(pid, 'SIGKILL')
  return pid
}

const small = (): Promise<Buffer> => quarters(640, 480).jpeg().toBuffer()
/** 49 megapixels whose decoder must hold all coefficients at once: some 290 MB, and a second or two. */
const heavy = (): Promise<Buffer> =>
  plain(7000, 7000, '#4080a0').jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()

test('the workshop gives what `takeIn` gives, and starts nothing before the first photo', async () => {
  const { develop } = workshop()
  expect(children()).toEqual([])
  const photo = await small()
  const [there, here] = [await develop(photo, about), await takeIn(photo, about)]
  expect(there).toMatchObject({ kind: 'photo', original: { sha256: sha256(photo) } })
  if (there.kind !== 'photo' || here.kind !== 'photo') throw new Error('refused')
  expect(sha256(there.watermarked)).toBe(sha256(here.watermarked))
  expect(sha256(there.thumbnail)).toBe(sha256(here.thumbnail))
})

test('one process serves all photos, with low priority, no secrets, and first in line when memory runs out', async () => {
  const { develop } = workshop()
  process.env.ANDON_TEST_SECRET = 'must not travel'
  const photos = await Promise.all(['a', 'b', 'c'].map((person) => small().then((photo) => develop(photo, { ...about, person }))))
  delete process.env.ANDON_TEST_SECRET
  expect(photos.map(({ kind }) => kind)).toEqual(['photo', 'photo', 'photo'])
  const [pid = 0, ...others] = children()
  expect(others).toEqual([])
  const niceness = readdirSync(`/proc/${pid}/task`).map((task) => stat(`/proc/${pid}/task/${task}/stat`)[16])
  expect(new Set(niceness)).toEqual(new Set(['19']))
  expect(read(`/proc/${pid}/environ`)).not.toContain('ANDON')
  expect(read(`/proc/${pid}/oom_score_adj`).trim()).toBe('1000')
})

test('a photo whose process dies once is developed by the next process', async () => {
  const { develop } = workshop()
  const photo = await heavy()
  const [intake, first] = await Promise.all([develop(photo, about), killAtWork()])
  expect(intake.kind).toBe('photo')
  expect(children()).not.toContain(first)
}, 90_000)

test('a photo that kills two processes is corrupt, and the one after it is not', async () => {
  const { develop } = workshop()
  const photo = await heavy()
  const killTwice = async (): Promise<void> => {
    await killAtWork([await killAtWork()])
  }
  const [bad, good] = await Promise.all([develop(photo, about), develop(await small(), about), killTwice()])
  expect(bad).toEqual({
    kind: 'refused',
    because: 'corrupt',
    kept: true,
    original: { sha256: sha256(photo), size: photo.length, mime: 'image/jpeg' },
  })
  expect(good.kind).toBe('photo')
}, 90_000)

test('a process that is stuck is killed, and its photo is developed by the next', async () => {
  const warned: string[] = []
  const log = { info: () => {}, warn: (message: string) => void warned.push(message), error: () => {} }
  const { develop } = workshop({ timeLimit: 8_000, log })
  expect((await develop(await small(), about)).kind).toBe('photo')
  const [stuck = 0] = children()
  process.kill(stuck, 'SIGSTOP')
  expect((await develop(await small(), about)).kind).toBe('photo')
  expect(children()).not.toContain(stuck)
  expect(warned).toEqual(['a photo took too long and its process was killed'])
}, 90_000)

test('a photo that takes too long twice is corrupt, and no process is left over', async () => {
  const { develop } = workshop({ timeLimit: 1 })
  expect(await develop(await heavy(), about)).toMatchObject({ kind: 'refused', because: 'corrupt' })
  expect(children()).toEqual([])
}, 90_000)

test('a process that has grown too large is replaced', async () => {
  const { develop } = workshop({ mostMemory: 1 })
  expect((await develop(await small(), about)).kind).toBe('photo')
  expect(children()).toEqual([])
  expect((await develop(await small(), about)).kind).toBe('photo')
})

test('an idle process that dies is no photo’s fault', async () => {
  const { develop } = workshop()
  await develop(await small(), about)
  const [pid = 0] = children()
  process.kill(pid, 'SIGKILL')
  await until(() => (children().includes(pid) ? undefined : true))
  expect((await develop(await small(), about)).kind).toBe('photo')
})

test('a refusal comes back as it is', async () => {
  expect(await workshop().develop(Buffer.from('3号泵房漏油'), about)).toMatchObject({ kind: 'refused', because: 'not-an-image' })
})

test('a mistake of the caller is thrown, and the process goes on', async () => {
  const { develop } = workshop()
  await expect(develop(await small(), { ...about, timeZone: 'Mars/Olympus' })).rejects.toThrow('Mars/Olympus')
  const before = children()
  expect((await develop(await small(), about)).kind).toBe('photo')
  expect(children()).toEqual(before)
})

test('the line has an end', async () => {
  const { develop } = workshop({ longestLine: 2 })
  const photo = await small()
  const both = [develop(photo, about), develop(photo, about)]
  await expect(develop(photo, about)).rejects.toThrow('full')
  expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['photo', 'photo'])
  expect((await develop(photo, about)).kind).toBe('photo')
})

test('closing ends the process and rejects what is at work, in line, or late', async () => {
  const { develop, close } = workshop()
  const photo = await heavy()
  const pending = Promise.allSettled([develop(photo, about), develop(photo, about)])
  await until(() => children().find(atWork))
  await close()
  expect((await pending).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(develop(photo, about)).rejects.toThrow('closed')
  expect(children()).toEqual([])
}, 90_000)

test('Ctrl-C for the whole group does not cost a photo', async () => {
  const { develop } = workshop()
  await develop(await small(), about)
  const [pid = 0] = children()
  const next = develop(await small(), about)
  process.kill(pid, 'SIGINT')
  process.kill(pid, 'SIGTERM')
  expect((await next).kind).toBe('photo')
  expect(children()).toEqual([pid])
})

/** A service of its own that develops one photo, says the id of its photo process and then does what `after` says. */
const service = async (
  after: string,
): Promise<{ readonly photoProcess: number; readonly ended: Promise<unknown>; readonly kill: () => void }> => {
  const source = new URL('../../src/evidence/', import.meta.url)
  const program = `
    import { readFileSync } from 'node:fs'
    import { createPhotoWorkshop } from '${source}photo-worker.ts'
    const photo = Buffer.from('${(await small()).toString('base64')}', 'base64')
    await createPhotoWorkshop().develop(photo, { code: null, at: new Date(0), timeZone: 'UTC', position: null, area: null, person: null })
    console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'))
    ${after}`
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(parent, 'exit')
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [said] = await once(parent.stdout, 'data')
  return { photoProcess: Number(String(said).trim()), ended, kill: () => void parent.kill('SIGKILL') }
}

const isGone = (pid: number): true | undefined => (/^[ZX]?$/.test(stat(`/proc/${pid}/stat`)[0] ?? '') ? true : undefined)

test('the process does not outlive a service that is killed', async () => {
  const { photoProcess, ended, kill } = await service('setInterval(() => {}, 1000)')
  expect(photoProcess > 0).toBe(true)
  expect(isGone(photoProcess)).toBeUndefined()
  kill()
  await ended
  expect(await until(() => isGone(photoProcess))).toBe(true)
})

test('an idle process keeps no service alive', async () => {
  const { photoProcess, ended } = await service('')
  expect(await ended).toEqual([0, null])
  expect(await until(() => isGone(photoProcess))).toBe(true)
})
