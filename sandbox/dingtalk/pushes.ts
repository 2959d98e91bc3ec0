import type { App, World } from '../contract.ts'
import { botTopic, cardTopic, eventTopic, responseIn, statusIn } from './frames.ts'
import type { Hooks } from './hooks.ts'
import type { Ids } from './ids.ts'
import type { Pushed, Stream } from './stream.ts'
import type { Fields } from './wire.ts'

export type PushParts = { readonly world: World; readonly ids: Ids; readonly stream: Stream; readonly hooks: Hooks }

/** A press's answer, or what the client shows instead. */
export type Verdict = Fields | 'timeout' | 'error'

/** An event that nobody took, as the failed list gives it. */
export type FailedEvent = {
  readonly app: App
  readonly type: string
  readonly data: Fields
  readonly bornAt: number
  readonly failedAt: number
}

export type Pushes = {
  /** A robot message by the app's door; sent again after a while when nobody took it. `replied` hears what an HTTP service answered. */
  readonly message: (app: App, payload: Fields, replied: (body: unknown) => void) => void
  readonly event: (app: App, type: string, data: Fields) => void
  readonly press: (app: App, body: Fields) => Promise<Verdict>
  readonly failed: (app: App) => readonly FailedEvent[]
}

const seconds = (count: number) => count * 1000
/** How long a test that settles waits for an answer to a message; the redelivery has its own, longer time. */
const ackPatience = seconds(3)
const eventPatience = seconds(3)
const cardPatience = seconds(2)
const ladder = [seconds(10), seconds(30)]

const within = <T>(work: Promise<T>, milliseconds: number): Promise<T | null> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })

/** Carries pushes out: faults of the way, deadlines, and the tries that follow silence. */
export const createPushes = (parts: PushParts): Pushes => {
  const { world, ids, stream, hooks } = parts
  const failures: FailedEvent[] = []
  const checked = new Set<string>()
  const send = createSender(world)

  const message: Pushes['message'] = (app, payload, replied) => {
    const again = redeliveries(world)
    send(`dingtalk message to ${app.id}`, () => tryMessage(app, payload, { messageId: ids.hex(28), again }, replied))
  }

  const tryMessage = async (app: App, payload: Fields, attempt: Attempt, replied: (body: unknown) => void): Promise<void> => {
    if (app.door === 'http') {
      const answered = await hooks.robot(app, payload)
      if (answered) replied(answered.body)
      else resendLater(app, payload, attempt, replied)
      return
    }
    const pushed = stream.push(app, { topic: botTopic, data: payload, messageId: attempt.messageId })
    const cancel = resendLater(app, payload, attempt, replied)
    if (pushed) await within(pushed.acked.then(cancel), ackPatience)
  }

  /** Plans the next try and gives its cancellation. `dingtalk.redeliverMessageId`: whether it repeats the frame's id, `new` unless set to `same`. */
  const resendLater = (app: App, payload: Fields, last: Attempt, replied: (body: unknown) => void): (() => void) => {
    const wait = redeliverAfter(world)
    if (wait === null || last.again === 0) return () => undefined
    const same = world.choose('dingtalk.redeliverMessageId', 'new') === 'same'
    return world.clock.at(world.clock.now() + wait, `dingtalk resends to ${app.id}`, () => {
      stream.forget(last.messageId)
      const attempt = { messageId: same ? last.messageId : ids.hex(28), again: last.again - 1 }
      return world.busy('dingtalk redelivery', tryMessage(app, payload, attempt, replied))
    })
  }

  const event: Pushes['event'] = (app, type, data) => {
    const born = { type, id: ids.hex(32), bornAt: world.clock.now() }
    send(`dingtalk event to ${app.id}`, () => tryEvent(app, born, data, 0))
  }

  type Born = { readonly type: string; readonly id: string; readonly bornAt: number }

  const tryEvent = async (app: App, born: Born, data: Fields, tries: number): Promise<void> => {
    const taken = app.door === 'http' ? await httpEvent(app, born, data) : await streamEvent(app, born, data)
    if (taken) return
    const wait = ladder[tries]
    if (wait === undefined) {
      failures.push({ app, type: born.type, data, bornAt: born.bornAt, failedAt: world.clock.now() })
      return
    }
    world.clock.at(world.clock.now() + wait, `dingtalk event again to ${app.id}`, () =>
      world.busy('dingtalk event again', tryEvent(app, born, data, tries + 1)),
    )
  }

  const streamEvent = async (app: App, born: Born, data: Fields): Promise<boolean> => {
    const pushed = stream.push(app, { topic: eventTopic, data, event: born })
    const ack = pushed && (await within(pushed.acked, eventPatience))
    if (pushed && !ack) stream.forget(pushed.messageId)
    return ack !== null && statusIn(ack) === 'SUCCESS'
  }

  /** The console lets an address subscribe only after it has answered `check_url`; so no event goes out before that. */
  const httpEvent = async (app: App, { type, id, bornAt }: Born, data: Fields): Promise<boolean> => {
    if (!checked.has(app.id)) {
      if (!(await hooks.event(app, { EventType: 'check_url' }))) return false
      checked.add(app.id)
    }
    const head = { EventType: type, EventTime: bornAt, CorpId: app.credentials.corpId ?? '', BizId: String(bornAt), eventId: id }
    return hooks.event(app, { ...head, ...data })
  }

  const press: Pushes['press'] = async (app, body) => {
    const pushed = stream.push(app, { topic: cardTopic, data: body })
    if (!pushed) return waitOut()
    return answerOf(stream, pushed)
  }

  const since = seconds(180)
  return {
    message,
    event,
    press,
    failed: (app) => failures.filter((failure) => failure.app === app && world.clock.now() - failure.failedAt >= since),
  }
}

type Attempt = { readonly messageId: string; readonly again: number }

/** `dingtalk.redeliver`: seconds until an unanswered message comes again, 60 unless set; `never` for the protocol note's word (all unverified). */
const redeliverAfter = (world: World): number | null => {
  const choice = world.choose('dingtalk.redeliver', '60')
  return choice === 'never' ? null : seconds(Number(choice))
}

/** How often, `dingtalk.redeliveries`: once unless set. */
const redeliveries = (world: World): number => Number(world.choose('dingtalk.redeliveries', '1'))

const answerOf = async (stream: Stream, pushed: Pushed): Promise<Verdict> => {
  const ack = await within(pushed.acked, cardPatience)
  if (!ack) stream.forget(pushed.messageId)
  return ack ? (responseIn(ack) ?? 'error') : 'timeout'
}

/** Nobody is there to answer: the person still waits the client's two seconds. */
const waitOut = (): Promise<Verdict> => new Promise((resolve) => setTimeout(() => resolve('timeout'), cardPatience))

type Sender = (label: string, work: () => Promise<void>) => void

/** The way to the service, with its faults: a push may go twice, late, never, or after the next one. */
const createSender = (world: World): Sender => {
  const held: (() => void)[] = []
  const start = (label: string, work: () => Promise<void>) => {
    void world.busy(label, work())
  }
  const later = (label: string, wait: number, work: () => void) => world.clock.at(world.clock.now() + seconds(wait), label, work)
  return (label, work) => {
    const fault = world.faults.strike('dingtalk', 'push', ['twice', 'late', 'never', 'reordered'])
    const overtaken = held.splice(0)
    switch (fault?.name) {
      case 'never':
        break
      case 'late':
        later(label, fault.seconds, () => start(label, work))
        break
      case 'reordered':
        hold(
          held,
          () => start(label, work),
          (release) => later(label, fault.seconds, release),
        )
        break
      case 'twice':
        start(label, work)
        start(label, work)
        break
      default:
        start(label, work)
    }
    for (const release of overtaken) release()
  }
}

/** Keeps a push back until the next one has passed, or until its time is up. */
const hold = (held: (() => void)[], go: () => void, later: (release: () => void) => () => void): void => {
  let gone = false
  const release = () => {
    if (gone) return
    gone = true
    cancel()
    go()
  }
  const cancel = later(release)
  held.push(release)
}
