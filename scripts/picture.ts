/** `npm run picture`: the picture of the README, taken from the running demo (`npm start` on the usual ports, or SANDBOX_URL). */
import { mkdirSync } from 'node:fs'
import { openBrowser } from '../test/support/browser.ts'

const url = process.env.SANDBOX_URL ?? 'http://127.0.0.1:8090'
const out = process.argv[2] ?? 'docs/images'
mkdirSync(out, { recursive: true })
const post = async (path: string, body: object): Promise<void> => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}
const browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 })
await page.goto(url)
await page.waitForTimeout(1500)
await post('/people/zhang-wei/sends', { kind: 'photo', sample: 'oil-leak.jpg', text: '3号泵房漏油' })
await post('/settle', {})
await page.waitForTimeout(1500)
await page.screenshot({ path: `${out}/phones-1.png` })
await post('/clock/advance', { minutes: 120 })
await post('/people/li-na/presses', { label: '接单' })
await post('/settle', {})
await page.waitForTimeout(1500)
await page.screenshot({ path: `${out}/phones.png` })
await browser.close()
