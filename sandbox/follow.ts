/** Opens an address as the browser inside a chat client would: follows redirects, keeps cookies, stays on this machine. */
import type { VendorName } from './contract.ts'
import { isLoopback } from './loopback.ts'
import { Refused } from './refused.ts'

export type Session = {
  readonly status: number
  /** Ready for a `Cookie` header. */
  readonly cookie: string
  readonly cookies: readonly { readonly name: string; readonly value: string }[]
  readonly userAgent: string
}
export type Opened = { readonly url: string; readonly session: Session }

const mostHops = 12
const answerWithin = 15_000

/** The token by which pages tell the containers apart; the rest is an ordinary mobile browser's. */
const container: Readonly<Record<VendorName, string>> = {
  feishu: 'Lark/7.50.0 LarkLocale/zh_CN ChannelName/Feishu',
  dingtalk: 'AliApp(DingTalk/7.6.50) com.alibaba.android.rimet',
  wecom: 'wxwork/4.1.36 MicroMessenger/7.0.1 Language/zh',
}

export const userAgentOf = (platform: VendorName): string =>
  `Mozilla/5.0 (Linux; Android 14; sandbox) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 ${container[platform]}`

const onThisMachine = (url: string): string => {
  if (!isLoopback(url) || !url.startsWith('http:'))
    throw new Refused(409, 'not-loopback', `The label leads to ${url}, which is not http on this machine.`)
  return url
}

/** A cookie is gone when its value is empty and it says so; that is how sessions end. */
const remember = (jar: Map<string, string>, response: Response): void => {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    if (at < 1) continue
    const name = pair.slice(0, at).trim()
    if (/;\s*max-age=0\b/i.test(line)) jar.delete(name)
    else jar.set(name, pair.slice(at + 1).trim())
  }
}

const cookieLine = (jar: ReadonlyMap<string, string>): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

const visit = async (url: string, userAgent: string, jar: ReadonlyMap<string, string>): Promise<Response> => {
  const headers = { 'user-agent': userAgent, ...(jar.size > 0 ? { cookie: cookieLine(jar) } : {}) }
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(answerWithin) })
  } catch {
    throw new Refused(502, 'page-unreachable', `Nothing answers at ${new URL(url).origin}.`)
  }
}

/** Throws `Refused` when a hop leaves the machine, nothing answers or the redirects never end. Cookies belong to loopback as a whole, as in a browser. */
export const follow = async (address: string, platform: VendorName): Promise<Opened> => {
  const jar = new Map<string, string>()
  const userAgent = userAgentOf(platform)
  let url = onThisMachine(address)
  for (let hop = 0; hop < mostHops; hop += 1) {
    const response = await visit(url, userAgent, jar)
    remember(jar, response)
    await response.body?.cancel()
    const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (next === null) {
      const cookies = [...jar].map(([name, value]) => ({ name, value }))
      return { url, session: { status: response.status, cookie: cookieLine(jar), cookies, userAgent } }
    }
    url = onThisMachine(new URL(next, url).href)
  }
  throw new Refused(508, 'endless-redirects', `The page behind the label redirects more than ${mostHops} times.`)
}
