/** What every message passes is read by hand. Here stand the schemas of the documents: both must take the same and refuse the same, field by field. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readBotMessage } from '../../src/bots/dingtalk/wire.ts'
import { readEnvelope, readMessageEvent } from '../../src/bots/feishu/arrival.ts'
import { vectors } from './dingtalk-kit.ts'
import { envelope, message } from './feishu-kit.ts'

const anything = fc.oneof(
  fc.constantFrom('', 'a', '2.0', 'im.message.receive_v1', '漏 油', 'a\u0000', 'a\ud800', 'a\u202e', 'a b', '\u007f', 'a\n'),
  fc.constantFrom(...[64, 65, 100, 101, 128, 129, 200, 201, 256, 257].map((length) => 'k'.repeat(length))),
  fc.constantFrom(null, undefined, true, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, [], {}, { open_id: 'ou_1' }, [
    { key: '@_user_1' },
  ]),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A genuine value in which some fields, at any depth, are something else or gone. */
const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  const parts = Array.isArray(value) ? fc.tuple(...value.map(spoilt)) : fields(value)
  return fc.oneof({ weight: 12, arbitrary: parts }, { weight: 1, arbitrary: anything })
}
const fields = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value !== 'object' || value === null) return fc.constant(value)
  const known = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoilt(one)]))
  const optional = fc.record(known, { requiredKeys: [] })
  return fc.oneof({ weight: 4, arbitrary: fc.record(known) }, { weight: 1, arbitrary: optional })
}

const agree = (genuine: unknown, read: (value: unknown) => unknown, schema: z.ZodType): void => {
  const expected = (value: unknown): unknown => schema.safeParse(value).data ?? null
  expect(read(genuine)).toEqual(expected(genuine))
  expect(read(genuine)).not.toBeNull()
  fc.assert(
    fc.property(spoilt(genuine), (value) => {
      expect(read(value)).toEqual(expected(value))
    }),
    { numRuns: 3_000 },
  )
}

const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .catch(null)
    .transform((value) => value ?? null)
const id = z.string().regex(/^[\x21-\x7e]{1,128}$/)
const text = z.string()

test('the frame of a Feishu event', () => {
  const schema = z.object({
    schema: z.literal('2.0'),
    header: z.object({
      event_id: maybe(id),
      event_type: z.string().regex(/^[\w.]{1,100}$/),
      create_time: maybe(text),
      token: maybe(text.max(256)),
      app_id: maybe(text.max(128)),
      tenant_key: maybe(text.max(128)),
    }),
    event: z.unknown().transform((event) => event),
  })
  const plain = schema.transform(({ header, event }) => ({ header, event }))
  agree(envelope('im.message.receive_v1', { a: 1 }), readEnvelope, plain)
})

test('a Feishu message', () => {
  const mention = z.object({ key: text.max(64), name: maybe(text), mentioned_type: maybe(text) })
  const schema = z.object({
    sender: z
      .object({ sender_id: maybe(z.object({ open_id: id })), sender_type: maybe(text), tenant_key: maybe(text) })
      .transform(({ sender_id, ...rest }) => ({ open_id: sender_id?.open_id ?? null, ...rest })),
    message: z.object({
      message_id: id,
      chat_id: id,
      chat_type: maybe(text),
      message_type: z.string().regex(/^\w{1,40}$/),
      create_time: maybe(text),
      content: maybe(text.max(600_000)),
      mentions: maybe(z.array(mention).max(200)).transform((mentions) => mentions ?? []),
    }),
  })
  const mentions = [{ key: '@_user_1', id: { open_id: 'ou_li' }, mentioned_type: 'user', name: '李四' }]
  const genuine = message('text', { text: '@_user_1 漏油' }, { mentions })
  agree(Object(genuine).event, readMessageEvent, schema)
  const crowd = (count: number) => ({
    ...Object(genuine).event,
    message: { ...Object(genuine).event.message, mentions: Array(count).fill(mentions[0]) },
  })
  for (const count of [200, 201]) expect(readMessageEvent(crowd(count))).toEqual(schema.parse(crowd(count)))
})

test('a message to the DingTalk robot', () => {
  const ours = z
    .string()
    .min(1)
    .max(256)
    .regex(/^\P{C}+$/u)
  const perhaps = ours.optional().catch(undefined)
  const schema = z
    .object({
      msgId: ours,
      msgtype: text.max(100),
      conversationType: z.union([text.max(100), z.number()]).transform(String),
      conversationId: perhaps,
      chatbotCorpId: perhaps,
      senderCorpId: perhaps,
      senderStaffId: perhaps,
      senderId: perhaps,
      senderNick: text.optional().catch(undefined),
      robotCode: perhaps,
      createAt: z.unknown().optional(),
      text: z.unknown().optional(),
      content: z.unknown().optional(),
      errorCode: z.unknown().optional(),
      errCode: z.unknown().optional(),
    })
    .transform(({ errorCode, errCode, ...rest }) => ({ ...rest, code: errorCode ?? errCode }))
  agree({ ...vectors.samplePayloads.botText, errorCode: 20001, errCode: 1 }, readBotMessage, schema)
})
