/** Delayed update of a pressed card by the press's token (open.feishu.cn 延时更新消息卡片, May 2026): 30 minutes, two uses, after the answer. */
import { z } from 'zod'
import { type Answer, type Call, type Route, read } from './call.ts'
import { isFields } from './card-checks.ts'
import { CardFault, lintCard, longestCard, wordsOf } from './card-lint.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { isOwn } from './messages.ts'
import { type CardToken, type FeishuApp, redraw } from './state.ts'

const mostUses = 2
const largest = 100 * 1024

const updating = z.object({ token: z.string(), card: z.unknown() })

export const cardUpdateRoutes = ({ world, state, screens }: Kernel): readonly Route[] => {
  const usable = (token: string, app: FeishuApp): CardToken => {
    const found = state.cardTokens.get(token) ?? refuse(300020)
    if (!isOwn(found.message, app)) return refuse(200310)
    if (!(world.clock.now() < found.expires)) return refuse(300030)
    if (found.uses >= mostUses) return refuse(300040)
    return found.over ? found : refuse(10002)
  }

  const checked = (app: FeishuApp, card: unknown) => {
    if (!isFields(card)) return refuse(100030)
    const bytes = Buffer.byteLength(JSON.stringify(card))
    if (bytes > largest) return refuse(100000)
    if (bytes > longestCard) return refuse(11311)
    try {
      return lintCard(card, screens.cardWorld(app.appId))
    } catch (error) {
      return error instanceof CardFault ? refuse(11311, { msg: wordsOf(error) }) : Promise.reject(error)
    }
  }

  const handle = async (call: Call): Promise<Answer> => {
    const { token, card } = read(updating, call.json)
    const grant = usable(token, call.app)
    const { message } = grant
    if (message.recalled) return refuse(200000)
    const drawn = await checked(call.app, card)
    grant.uses += 1
    redraw(message, drawn, world.clock.now())
    screens.show(message)
    return { kind: 'flat', body: { code: 0, msg: 'ok' } }
  }

  return [{ method: 'POST', path: '/open-apis/interactive/v1/card/update', scopes: [], counted: true, body: 'json', handle }]
}
