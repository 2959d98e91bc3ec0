import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core'

const built: readonly string[] = ['../../sandbox/page/dist', '../../miniapp/dist'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** Throws, with what to run, when one of the pages or a file that it loads is not there. */
export const requirePages = (directories: readonly string[] = built): void => {
  for (const directory of directories) {
    const index = join(directory, 'index.html')
    const files = existsSync(index) ? [...readFileSync(index, 'utf8').matchAll(/"\/(assets\/[^"]+)"/g)] : []
    const missing = [index, ...files.map(([, file = '']) => join(directory, file))].find((path) => !existsSync(path))
    if (missing) throw new Error(`The pages are not built: ${missing} is missing. Run \`npm run prepare\`, then test again.`)
  }
}

/**
 * What the package sets for a function in the cloud and no user's browser has: one process (which ends with its first closed page), and pages that may
 * read each other.
 */
const notOurs = new Set([
  '--single-process',
  '--no-zygote',
  '--in-process-gpu',
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
])
/** Nothing but this machine has a name, so that whatever a page asks of another one fails and is seen. */
const alone = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/** A real Chromium from a package, with its security as users have it. */
export const openBrowser = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args.filter((one) => !notOurs.has(one)), ...quiet, alone],
    headless: true,
  })

/** In milliseconds: what a person sees comes sooner, on a machine that has better to do it may take this long. */
const patience = 50_000

/** Somebody's browser, with cookies of its own. */
export type Visitor = {
  readonly context: BrowserContext
  readonly page: Page
  /** What a user must never meet, in words: errors in the console, exceptions, requests to other machines. */
  readonly complaints: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

const isOurs = (address: string): boolean => {
  const { protocol, hostname } = new URL(address)
  return ['data:', 'blob:', 'about:'].includes(protocol) || hostname === '127.0.0.1'
}

/** Opens a browser window that notes every complaint from its first page on. */
export const visit = async (browser: Browser, options: BrowserContextOptions): Promise<Visitor> => {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
  const heard: string[] = []
  const mayAsk = (address: string): void => void (isOurs(address) || heard.push(`asked ${new URL(address).origin}`))
  context.on('request', (request) => mayAsk(request.url()))
  context.on('page', (page) => page.on('websocket', (socket) => mayAsk(socket.url())))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => heard.push(`exception: ${String(error.error())}`))
  context.setDefaultTimeout(patience)
  /** Whatever a page said before it answers us has been heard. */
  const complaints = async (): Promise<readonly string[]> => {
    await Promise.all(context.pages().map((page) => page.evaluate(() => null)))
    return [...heard]
  }
  return { context, complaints, page: await context.newPage(), close: () => context.close() }
}

/** The phones of the sandbox are looked at on a desk. */
export const desk: BrowserContextOptions = { viewport: { width: 1680, height: 900 } }

/** A phone in one hand. */
export const phone = (width: number, height: number) =>
  ({ viewport: { width, height }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }) satisfies BrowserContextOptions
