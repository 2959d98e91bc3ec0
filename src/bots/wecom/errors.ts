import { type Millis, minutes, seconds } from '../../lib/clock.ts'
import { DeliveryError } from '../platform.ts'

type Failure = {
  readonly kind: DeliveryError['kind']
  readonly because: string
  readonly scope: DeliveryError['scope']
  readonly retryAfter?: Millis
}

const wait = (because: string, scope: DeliveryError['scope'], retryAfter: Millis): Failure => ({
  kind: 'temporary',
  because,
  scope,
  retryAfter,
})
const account = (because: string): Failure => ({ kind: 'permanent', because, scope: 'account' })
const connection = (because: string): Failure => ({ kind: 'permanent', because, scope: 'connection' })
const message = (because: string): Failure => ({ kind: 'permanent', because, scope: 'message' })

/** The token itself is the trouble: fetch a new one and try once more (doc 91039). */
const tokenCodes: readonly number[] = [40014, 42001]

/**
 * `errcode` → what to do (doc 90313, read 2025-09). Texts are never looked at: they carry hints and addresses and change. 45009
 * does not say which window is full; a minute is the shortest (doc 90454).
 */
const failures: ReadonlyMap<number, Failure> = new Map([
  [-1, wait('busy', 'connection', seconds(2))],
  [45033, wait('too-many-at-once', 'connection', seconds(1))],
  [45009, wait('too-many-calls', 'connection', minutes(1))],

  [81013, account('no-such-account')],
  [60111, account('no-such-account')],
  [46004, account('no-such-account')],
  [40003, account('no-such-account')],
  [40031, account('no-such-account')],
  [60021, account('out-of-scope')],
  [60011, account('out-of-scope')],
  [50002, account('out-of-scope')],

  [60020, connection('address-not-trusted')],
  [40001, connection('bad-credentials')],
  [40013, connection('bad-credentials')],
  [40091, connection('bad-credentials')],
  [41001, connection('bad-credentials')],
  [41002, connection('bad-credentials')],
  [41004, connection('bad-credentials')],
  [40056, connection('wrong-app')],
  [301002, connection('wrong-app')],
  [42015, connection('wrong-app')],
  [50003, connection('app-disabled')],
  [48002, connection('not-permitted')],
  [48006, connection('not-permitted')],
  [48009, connection('not-permitted')],
  [43012, connection('callback-address-missing')],

  [42014, message('repeated')],
  [60140, message('expired')],
  [42016, message('expired')],
  [42052, message('too-late')],
  [40007, message('gone')],
  [830002, message('too-large')],
  [45001, message('too-large')],
])

/**
 * The error behind an `errcode` other than 0; null when a new token may help. An unknown code is final for this message and
 * named.
 */
export const failureOf = (errcode: number): DeliveryError | null => {
  if (tokenCodes.includes(errcode)) return null
  const { kind, because, scope, retryAfter } = failures.get(errcode) ?? message('refused')
  return new DeliveryError(kind, because, {
    scope,
    ...(retryAfter !== undefined && { retryAfter }),
    detail: `errcode ${errcode}`,
  })
}
