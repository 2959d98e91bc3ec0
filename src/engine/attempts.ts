import { DeliveryError } from '../bots/platform.ts'
import { planBroadcast, sendBulk } from './broadcast.ts'
import { type AttemptTools, backOff, nowhere, type Result, retry, tried, unheard, unrecorded } from './delivery-outcomes.ts'
import { type Gates, outside } from './delivery-send.ts'
import { callForLeaver } from './leavers.ts'
import type { EffectRow } from './outbox-rows.ts'
import { takeBack } from './recall.ts'
import { checkReceipt } from './receipt-check.ts'

/** One try at one effect. Never rejects: whatever goes wrong is an outcome. */
export const attempt = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  try {
    if (effect.kind === 'job' || effect.kind === 'command') return await inside(effect, options)
    if (effect.kind === 'callOut') return await callOut(effect, options)
    if (effect.kind === 'leaver') return await callForLeaver(effect, options.parts)
    if (effect.kind === 'broadcast') return await planBroadcast(effect, options)
    if (effect.kind === 'bulk') return await sendBulk(effect, options, gateFor)
    if (effect.kind === 'recall') return await takeBack(effect, options, gateFor)
    if (effect.kind === 'check') return await checkReceipt(effect, options.parts)
    return await outside(effect, options, gateFor)
  } catch (error) {
    if (!(error instanceof DeliveryError)) {
      options.parts.log.error('an effect failed unexpectedly', {
        effect: effect.id,
        error: error instanceof Error ? error.stack : String(error),
      })
      return retry(nowhere, 'unexpected', backOff(effect.attempts), effect.maybe_sent, options)
    }
    return retry(
      nowhere,
      error.because,
      backOff(effect.attempts, error.retryAfter),
      effect.maybe_sent || error.kind === 'ambiguous',
      options,
    )
  }
}

/** Jobs go to pg-boss, commands to other subjects through the inbox; both under keys that make them once. */
const inside = async (effect: EffectRow, options: AttemptTools): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as {
    queue: string
    key: string
    payload: object
    workflow: string
    subject: string
    command: { type: string }
  }
  if (effect.kind === 'job') {
    await options.enqueue(payload.queue, payload.key, payload.payload)
    return { ...nowhere, outcome: 'done' }
  }
  const outcome = await options.decide({
    source: 'system',
    site: effect.site,
    key: payload.key,
    subject: payload.subject,
    workflow: payload.workflow,
    command: payload.command,
  })
  return unheard(outcome) ? unrecorded(effect, options) : { ...nowhere, outcome: 'done' }
}

/** A signed call to a system outside: a line of the ledger under `call:<target>`. */
const callOut = async (effect: EffectRow, options: AttemptTools): Promise<Result> => {
  const { target, event, body } = JSON.parse(effect.payload) as { target: string; event: string; body: object }
  const to = { connection: `call:${target}`, account: '' }
  return tried(effect, to, options, async () => {
    const created = new Date(effect.created_at).toISOString()
    const receipt = await options.parts.callOut({ target, event, key: effect.id, at: created, subject: effect.subject, body })
    return { message: receipt, conversation: null, handle: null, lost: [] }
  })
}
