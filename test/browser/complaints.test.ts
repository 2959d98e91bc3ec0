import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { desk, openBrowser, visit } from '../support/browser.ts'

const bad = `<!doctype html><link rel="icon" href="data:,"><img src="http://elsewhere.example/a.png"><script>
console.error('said to nobody')
new WebSocket('ws://elsewhere.example/b')
addEventListener('load', () => { throw new Error('thrown at nobody') })
</script>`

test('a page that asks another machine, fails or complains does not get past the watch', async () => {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(bad))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await openBrowser()
  try {
    const { page, complaints } = await visit(browser, desk)
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await expect
      .poll(complaints)
      .toEqual(
        expect.arrayContaining([
          'asked http://elsewhere.example',
          'asked ws://elsewhere.example',
          'error: said to nobody',
          'exception: Error: thrown at nobody',
        ]),
      )
  } finally {
    await browser.close()
    await new Promise((resolve) => server.close(resolve))
  }
})
