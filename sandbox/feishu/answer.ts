/** What the client makes of the answer to a press (open.feishu.cn 卡片回传交互回调, error codes of the client, May 2026). */
import { z } from 'zod'
import type { PressResult } from '../contract.ts'
import { CardFault, type CardObject, lintCard, longestCard } from './card-lint.ts'
import type { Kernel } from './kernel.ts'
import type { Outcome } from './outcome.ts'
import { parsed } from './screens.ts'
import type { FeishuApp } from './state.ts'
import { choice } from './switches.ts'

export type Read = { readonly toast: PressResult['toast']; readonly card: CardObject | null; readonly status: string }

const failed = (status: string): Read => ({ toast: null, card: null, status })

const answerShape = z.strictObject({
  toast: z
    .strictObject({
      type: z.enum(['info', 'success', 'error', 'warning']).default('info'),
      content: z.string().default(''),
      i18n: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  card: z.strictObject({ type: z.enum(['raw', 'template']), data: z.record(z.string(), z.unknown()) }).optional(),
})

/** Codes that the client shows when no usable answer came. */
const silence: Readonly<Record<Exclude<Outcome['kind'], 'answered'>, string>> = {
  silent: 'timeout 200341',
  refused: 'error 200671',
  unreachable: 'error 200342',
  unset: 'error 200340',
}

export const readAnswer = (kernel: Kernel, app: FeishuApp, outcome: Outcome): Read => {
  if (outcome.kind !== 'answered') return failed(silence[outcome.kind])
  if (outcome.body === null && app.app.door === 'stream')
    return choice(kernel.world, 'emptyAck') === '108002' ? failed('error 108002') : failed('answered')
  const shape = answerShape.safeParse(parsed(outcome.body ?? ''))
  if (!shape.success) return failed('error 200672')
  const { toast, card } = shape.data
  const drawn = card ? cardOf(kernel, app, card) : null
  if (typeof drawn === 'string') return failed(drawn)
  return {
    toast: toast ? { tone: toast.type, text: toast.i18n?.zh_cn ?? toast.content } : null,
    card: drawn,
    status: 'answered',
  }
}

/** The card, or the status that stands for why it is refused. */
const cardOf = (
  { screens }: Kernel,
  app: FeishuApp,
  { type, data }: { readonly type: string; readonly data: CardObject },
): CardObject | string => {
  if (type === 'template' || Buffer.byteLength(JSON.stringify(data)) > longestCard) return 'error 200673'
  if (data.schema !== '2.0') return 'error 200830'
  try {
    return lintCard(data, screens.cardWorld(app.appId))
  } catch (error) {
    if (error instanceof CardFault) return 'error 200673'
    throw error
  }
}
