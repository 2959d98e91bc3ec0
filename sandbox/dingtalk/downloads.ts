import type { Hono } from 'hono'
import type { App, World } from '../contract.ts'
import { type Answer, demand, ok } from './answers.ts'
import type { Api, Call } from './gate.ts'
import type { Ids } from './ids.ts'
import { textOf } from './wire.ts'

type Code = { readonly app: App; readonly kept: string; readonly until: number }
type Link = { readonly kept: string; readonly until: number; readonly signature: string }

const minutes = (count: number) => count * 60_000

/** Files that people sent: a code in the message, then a temporary signed address, then the bytes. */
export type Downloads = {
  /** A code for bytes that the world keeps, for the robot of this app alone. */
  readonly offer: (app: App, kept: string) => string
  readonly api: Api
  readonly mount: (app: Hono) => void
}

/** Life of codes in minutes: `dingtalk.downloadCodeMinutes`, 120 unless set; of addresses: `dingtalk.downloadUrlMinutes`, 60 (both unverified). */
export const createDownloads = (world: World, ids: Ids): Downloads => {
  const codes = new Map<string, Code>()
  const links = new Map<string, Link>()
  const life = (name: string, fallback: string) => minutes(Number(world.choose(name, fallback)))

  const answer = ({ fields, origin }: Call, caller: App): Answer => {
    const [code, robotCode] = [textOf(fields.downloadCode), textOf(fields.robotCode)]
    demand(code !== '' && robotCode !== '', 'invalidParameter.robotCode.empty')
    demand(robotCode === caller.credentials.robotCode, 'invalidParameter.robotCode.auth')
    const offered = codes.get(code)
    demand(offered !== undefined && world.clock.now() < offered.until, 'invalidParameter.robotCode.downloadCode')
    demand(offered.app === caller, 'invalidParameter.robotCode.auth')
    const name = `${ids.hex(24)}.file`
    const link = {
      kept: offered.kept,
      until: world.clock.now() + life('dingtalk.downloadUrlMinutes', '60'),
      signature: ids.hex(28),
    }
    links.set(name, link)
    const expires = Math.floor(link.until / 1000)
    return ok({
      downloadUrl: `${origin}/dingtalk-files/${name}?Expires=${expires}&OSSAccessKeyId=sandbox&Signature=${link.signature}`,
    })
  }

  const serve = (name: string, signature: string): Response => {
    const link = links.get(name)
    const file = link && world.bytes(link.kept)
    const fresh = link !== undefined && link.signature === signature && world.clock.now() < link.until
    world.log({
      surface: 'dingtalk',
      direction: 'from-service',
      what: 'GET /dingtalk-files/:name',
      status: fresh && file ? 200 : 403,
      request: `GET /dingtalk-files/${name}?…`,
      response: fresh && file ? `(${file.bytes.length} bytes)` : 'AccessDenied',
    })
    if (!fresh || !file)
      return new Response('<Error><Code>AccessDenied</Code></Error>', {
        status: 403,
        headers: { 'content-type': 'application/xml' },
      })
    return new Response(Uint8Array.from(file.bytes), { headers: { 'content-type': 'application/octet-stream' } })
  }

  return {
    offer: (app, kept) => {
      const code = ids.hex(64)
      codes.set(code, { app, kept, until: world.clock.now() + life('dingtalk.downloadCodeMinutes', '120') })
      return code
    },
    api: {
      method: 'POST',
      path: '/v1.0/robot/messageFiles/download',
      family: 'new',
      body: 'json',
      needs: 'token',
      counted: true,
      answer,
    },
    mount: (app) => void app.get('/dingtalk-files/:name', (c) => serve(c.req.param('name'), c.req.query('Signature') ?? '')),
  }
}
