import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postByNode } from '../../src/node-post.ts'
import { createWeatherFeed, type WeatherFeed } from '../../src/webhooks/weather-feed.ts'

let server: Server
let base = ''
let answer: { readonly status: number; readonly body: string; readonly location?: string } = { status: 200, body: '{}' }
let asked: readonly (readonly [string, string | undefined])[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = [...asked, [`${request.method} ${request.url}`, request.headers.authorization]]
    response.writeHead(answer.status, answer.location ? { location: answer.location } : {})
    response.end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>((done) => void server.close(() => done())))

const feed = (more: Partial<WeatherFeed> = {}): WeatherFeed => ({ site: '', url: `${base}/feed`, privateNetwork: false, ...more })
const look = (feeds: readonly WeatherFeed[] = [feed()], sandbox = true) =>
  createWeatherFeed({ feeds, sandbox, post: postByNode })('SH01')
const calm = { at: '2026-11-24T10:00:00+08:00', windSpeed: 2.5, fog: false }

test('an observation is taken as it was made: what the feed leaves out is null, which is never calm', async () => {
  answer = { status: 200, body: JSON.stringify({ ...calm, station: 'x', fogText: 'no' }) }
  expect(await look([feed({ authorization: 'Bearer t' })])).toEqual({
    kind: 'seen',
    seen: {
      ...{ at: '2026-11-24T02:00:00.000Z', windSpeed: 2.5, windForce: null, fog: false },
      ...{ heavySnow: null, rainstorm: null, thunder: null },
    },
  })
  expect(asked.at(-1)).toEqual(['GET /feed', 'Bearer t'])
})

test.each([
  ['no JSON', 'sunny'],
  ['nothing', ''],
  ['half an object', '{"at":"2026-11-24T'],
  ['a list', '[]'],
  ['no time', '{"windSpeed":1}'],
  ['a time without its zone', '{"at":"2026-11-24T10:00:00","windSpeed":1}'],
  ['a time that is none', '{"at":"now"}'],
  ['wind in words', '{"at":"2026-11-24T10:00:00Z","windSpeed":"3"}'],
  ['fog as a number', '{"at":"2026-11-24T10:00:00Z","fog":0}'],
  ['more than is read', JSON.stringify({ ...calm, filler: 'x'.repeat(20_000) })],
])('%s is not understood, and no observation', async (_, body) => {
  answer = { status: 200, body }
  expect(await look()).toEqual({ kind: 'missed', because: 'not-understood' })
})

test.each([
  [500, 'unreachable'],
  [503, 'unreachable'],
  [401, 'refused'],
  [204, 'refused'],
  [302, 'refused'],
] as const)('status %i is %s, whatever stands in the body', async (status, because) => {
  answer = { status, body: status === 204 ? '' : JSON.stringify(calm), location: `${base}/elsewhere` }
  expect(await look()).toEqual({ kind: 'missed', because })
  expect(asked.some(([what]) => what.includes('elsewhere'))).toBe(false)
})

test('a site without a feed, a feed that nobody serves and one that may not be reached bring nothing', async () => {
  answer = { status: 200, body: JSON.stringify(calm) }
  expect(await look([])).toEqual({ kind: 'missed', because: 'no-feed' })
  expect(await look([feed({ site: 'OTHER' })])).toEqual({ kind: 'missed', because: 'no-feed' })
  expect(await look([feed({ url: 'http://127.0.0.1:1/feed' })])).toEqual({ kind: 'missed', because: 'unreachable' })
  const before = asked.length
  expect(await look([feed()], false)).toEqual({ kind: 'missed', because: 'refused' })
  expect(asked).toHaveLength(before)
})

test('the feed of the site goes before the one for all', async () => {
  await look([feed(), feed({ site: 'SH01', url: `${base}/own` })])
  expect(asked.at(-1)?.[0]).toBe('GET /own')
})
