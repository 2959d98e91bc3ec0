/** Data frames of the long connection: a push cut into frames, and what an ack says. */
import type { World } from '../contract.ts'
import { isFields } from './card-checks.ts'
import { data, encodeFrame, type Frame } from './frames.ts'
import type { Outcome } from './outcome.ts'
import { parsed } from './screens.ts'
import { hex } from './state.ts'
import { amount } from './switches.ts'

export type DataPush = { readonly type: string; readonly id: string; readonly json: string; readonly service: number }

/** Fragments share the message id; bytes are cut without regard to characters. */
export const createFrames = (world: World) => {
  let sequence = 0
  return ({ type, id, json, service }: DataPush): readonly Uint8Array[] => {
    const payload = Buffer.from(json)
    const sum = Math.max(1, Math.min(amount(world, 'fragments'), payload.length))
    const piece = Math.ceil(payload.length / sum)
    const trace = hex(world, 32)
    return Array.from({ length: sum }, (_, seq) => {
      sequence += 1
      const values = {
        type,
        message_id: id,
        sum: String(sum),
        seq: String(seq),
        trace_id: trace,
        timestamp: String(world.clock.now()),
      }
      const headers = Object.entries(values).map(([key, value]) => ({ key, value }))
      const part = payload.subarray(seq * piece, (seq + 1) * piece)
      return encodeFrame({ SeqID: String(sequence), LogID: largeNumber(world), service, method: data, headers, payload: part })
    })
  }
}

/** `{"code":200,"data":base64}`; anything else is not an ack. */
export const ackOf = ({ payload }: Frame): Outcome => {
  const ack = parsed(Buffer.from(payload ?? []).toString('utf8'))
  if (!isFields(ack) || typeof ack.code !== 'number') return { kind: 'refused', status: 500 }
  if (ack.code !== 200) return { kind: 'refused', status: ack.code }
  return { kind: 'answered', body: typeof ack.data === 'string' ? Buffer.from(ack.data, 'base64').toString('utf8') : null }
}

/** Above 2^53, as the platform's are: a client that reads them as numbers must not depend on them. */
const largeNumber = (world: World): string => String(2n ** 60n + BigInt(Math.floor(world.random() * 1_000_000_000)))
