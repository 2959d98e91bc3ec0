import { days, seconds } from '../../lib/clock.ts'
import type { Capabilities } from '../platform.ts'

/** Dates and pages behind the numbers below. */
const source =
  'open.dingtalk.com/document/development: create-and-deliver-cards, interactive-card-update-interface, event-callback-card, form-variables, the-robot-sends-a-group-message'
const asOf = '2026-08-01'

/** No page names an end of a card's life for updates, nor of an outTrackId's memory. */
const noEnd = days(3_650)

/** The table of parameters says 20, an error's text 100 (`chatbots-send-one-on-one-chat-messages-in-batches`). There is no idempotency key. */
const bulk = { most: 20, once: false } as const

const always = { asOf, source, ring: true, bulk, longestText: 7_000 } as const

/** With our template imported: one living card per person and case. */
export const canWithTemplate: Capabilities = {
  ...always,
  receipts: 'texts',
  answer: { toast: true, card: 'everyone', within: seconds(2) },
  form: { choices: 10, texts: 5, besideActions: true },
  facts: 20,
  actions: 6,
  pictures: 'upload',
  update: { uses: 'many', life: noEnd },
  onceKey: { life: noEnd, texts: false },
}

/** Without it: a message with up to five links, which can be recalled but never changed, and has no idempotency key. */
export const canWithoutTemplate: Capabilities = {
  ...always,
  receipts: 'read',
  answer: { toast: false, card: 'none', within: seconds(2) },
  form: { choices: 0, texts: 0, besideActions: false },
  facts: 20,
  actions: 4,
  pictures: 'none',
  update: { uses: 'never', life: 0 },
  onceKey: null,
}
