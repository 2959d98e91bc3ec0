/** Rows that need no service: opening a callback, hostile requests, photos. Each in a process of its own on the server's core; here only their lines are read. */
import { spawn } from 'node:child_process'
import { z } from 'zod'
import { cores } from './cores.ts'
import { benchFile, type Stage } from './stage.ts'

/** Runs a program of this folder to its end and gives what it printed. */
const outputOf = (file: string, flags: readonly string[] = []): Promise<string> =>
  new Promise((resolve, reject) => {
    const node = [process.execPath, ...flags, benchFile(file)]
    const [command = '', ...rest] = cores.pinned ? ['taskset', '-c', String(cores.server), ...node] : node
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(`${file} ended with ${code}`))))
  })

const behind = (word: string, text: string): unknown => JSON.parse(text.slice(text.indexOf(`${word} `) + word.length))

const openings = z.array(z.object({ platform: z.string(), ours: z.number(), theirs: z.number() }))
const limits: Readonly<Record<string, number>> = { feishu: 10, wecom: 10, dingtalk: 5 }
const packages: Readonly<Record<string, string>> = {
  feishu: '@larksuiteoapi/node-sdk',
  wecom: '@wecom/crypto',
  dingtalk: 'dingtalk-stream (an unsigned stream frame)',
}

export const opening = async (stage: Stage): Promise<void> => {
  for (let n = 1; n <= stage.settings.rounds; n += 1) {
    stage.say(`opening a callback, round ${n} of ${stage.settings.rounds}`)
    for (const { platform, ours, theirs } of openings.parse(behind('opening', await outputOf('opening.ts')))) {
      const reference = `reference: ${packages[platform]}`
      stage.sheet.put({ name: reference, unit: 'µs' }, theirs)
      const target = { of: 'value', most: limits[platform] ?? 0 } as const
      stage.sheet.put({ name: `opening one callback, ${platform}`, unit: 'µs', reference, target }, ours)
    }
    stage.sheet.nextRound()
  }
}

const hostiles = z.object({
  inputs: z.number(),
  worst: z.array(
    z.object({ platform: z.string(), from: z.string(), input: z.string(), milliseconds: z.number(), longest: z.number() }),
  ),
})

export const hostile = async (stage: Stage): Promise<void> => {
  stage.say('hostile requests')
  const { inputs, worst } = hostiles.parse(behind('hostile', await outputOf('hostile.ts', ['--expose-gc'])))
  const said = worst.map(
    ({ platform, from, input, milliseconds }) => `${platform}, ${from}, ${input}: ${milliseconds.toFixed(1)} ms`,
  )
  const plan = { name: 'longest block by a hostile request', unit: 'ms', target: { of: 'value', most: 10 } } as const
  stage.sheet.put(plan, worst[0]?.milliseconds ?? Number.NaN, `worst of ${inputs}: ${said.slice(0, 6).join('; ')}`)
  const unkeyed = worst.filter(({ from }) => from !== 'key holder')
  stage.sheet.put({ ...plan, name: 'longest block by a hostile request without keys' }, unkeyed[0]?.milliseconds ?? 0)
}

const photos = z.object({
  photo: z.string(),
  cpuMs: z.object({ pixels: z.number(), jpeg: z.number(), ours: z.number() }),
  cpuRatio: z.object({ toPixels: z.number(), toJpeg: z.number() }),
})

/** Decode-and-shrink is sharp's own, to a jpeg of the same size. */
export const photo = async (stage: Stage): Promise<void> => {
  stage.say('photos of 12 megapixels')
  for (const line of (await outputOf('photo.ts')).split('\n').filter(Boolean)) {
    const { photo: kind, cpuMs, cpuRatio } = photos.parse(JSON.parse(line))
    const name = `12-megapixel photo, ${kind}, to decode-and-shrink`
    const note = `${cpuMs.ours} ms beside ${cpuMs.jpeg} ms to a jpeg and ${cpuMs.pixels} ms to bare pixels (${cpuRatio.toPixels} ×), processor time`
    stage.sheet.put({ name, unit: '×', target: { of: 'value', most: 1.5 } }, cpuRatio.toJpeg, note)
  }
}
