/** The phone page and the font that lets a machine without Chinese fonts read it. */
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hono } from 'hono'

const dist = fileURLToPath(new URL('./page/dist/', import.meta.url))
const font = 'noto-sans-sc.ttf'
const fontFile = () =>
  createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
}

/** Pages behind cards open in a frame, and they live at any port of this machine. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  'frame-src http://127.0.0.1:* http://localhost:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const mountAssets = (app: Hono): void => {
  app.get('/', (c) => {
    const index = join(dist, 'index.html')
    if (!existsSync(index))
      return c.text('The phone page is not built yet: node node_modules/vite/bin/vite.js build sandbox/page\n', 503)
    return c.html(readFileSync(index, 'utf8'), 200, {
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  })
  app.get('/assets/:file{[\\w.-]+}', async (c) => {
    const file = c.req.param('file')
    const path = join(dist, 'assets', file)
    if (!existsSync(path)) return c.notFound()
    const type = types[extname(file)] ?? 'application/octet-stream'
    return c.body(Uint8Array.from(await readFile(path)), 200, {
      'content-type': type,
      'cache-control': 'max-age=31536000, immutable',
    })
  })
  app.get(`/fonts/${font}`, async (c) =>
    c.body(Uint8Array.from(await readFile(fontFile())), 200, {
      'content-type': 'font/ttf',
      'cache-control': 'max-age=31536000, immutable',
    }),
  )
}
