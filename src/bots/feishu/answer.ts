/** The answer to a press, inside the platform's response. Source: open.feishu.cn 卡片回传交互回调 (read 2026-05). */
import type { Reply, Toast } from '../../cards/card.ts'
import { clip } from '../../lib/text.ts'
import { inert } from './parts.ts'
import { renderCard } from './render.ts'

const toastTypes: Readonly<Record<Toast['tone'], string>> = {
  info: 'info',
  success: 'success',
  warning: 'warning',
  danger: 'error',
}

const longestToast = 200

/** `{}` leaves the card as it is. An answer without a body is an error on the phone, so there is always an object. */
export const answerBody = (reply: Reply | null): Readonly<Record<string, unknown>> => ({
  ...(reply?.toast && { toast: { type: toastTypes[reply.toast.tone], content: clip(inert(reply.toast.text), longestToast) } }),
  ...(reply?.card && { card: { type: 'raw', data: renderCard(reply.card).content } }),
})
