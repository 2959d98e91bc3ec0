/** message/update_template_card (更新模版卡片消息, document/path/94888) and message/recall (撤回应用消息, 94867). */
import { z } from 'zod'
import type { Call } from './api.ts'
import { interactive, readCard, type TemplateCard } from './card-shape.ts'
import { type Answer, no, ok } from './codes.ts'
import type { Copy, Message } from './messages.ts'
import type { Office } from './office.ts'
import { readUpdateLists, resolve } from './receivers.ts'
import { badAgent, refusedCard } from './send.ts'

const recallWithin = 24 * 3_600_000

type Change = { readonly kind: 'grey'; readonly label: string } | { readonly kind: 'replace'; readonly card: TemplateCard }

const replaceName = z.object({ replace_name: z.string().min(1) })

const readChange = (call: Call, message: Message, office: Office): Change | Answer => {
  const { button, template_card: template } = call.json
  if ((button === undefined) === (template === undefined)) return no(40058, 'either button or template_card')
  if (button !== undefined) {
    const parsed = replaceName.safeParse(button)
    const greyable = message.sentType !== null && interactive.has(message.sentType)
    return parsed.success && greyable ? { kind: 'grey', label: parsed.data.replace_name } : no(40058, 'button.replace_name')
  }
  const card = readCard(template)
  if ('code' in card) return no(card.code, card.at)
  return refusedCard(card, 'update', call.app, office) ?? { kind: 'replace', card }
}

const apply = (change: Change, copies: readonly Copy[], { messages }: Office) => {
  for (const copy of copies) {
    if (change.kind === 'grey') messages.grey(copy, change.label)
    else messages.replace(copy, change.card)
  }
}

/** One code changes the copies of the receivers it names, once. A refused call does not spend the code. */
export const updateCard = (call: Call, office: Office): Answer => {
  const agent = badAgent(call, office)
  if (agent) return agent
  const code = call.json.response_code
  const message = typeof code === 'string' ? office.messages.codeFor(code) : null
  if (typeof code !== 'string' || !message) return no(60140, 'response_code')
  if (message.app !== call.app) return no(42015)
  const asked = readUpdateLists(call.json)
  if ('code' in asked) return asked
  const change = readChange(call, message, office)
  if ('code' in change) return change
  const to = resolve(asked, office.members)
  if (to.accounts.length === 0) return no(81013)
  office.messages.spend(code)
  apply(
    change,
    to.accounts.flatMap((account) => message.copies.get(account) ?? []),
    office,
  )
  return ok({ invaliduser: to.invalidUsers })
}

export const recall = (call: Call, office: Office): Answer => {
  const { msgid } = call.json
  const message = typeof msgid === 'string' ? office.messages.byMsgid(msgid) : null
  if (!message || message.app !== call.app) return no(40058, 'msgid')
  if (!(office.world.clock.now() - message.sentAt <= recallWithin)) return no(42052)
  if (!message.recalled) office.messages.recall(message)
  return ok()
}
