/** Which test proves which vector. A vector that no row covers, and a row that covers nothing, fail `vectors-rest.test.ts`. */
import { readFileSync } from 'node:fs'

export type VectorFile = 'wecom' | 'dingtalk' | 'feishu'
/** `here`: taken by `vectors-rest.test.ts`, vector by vector. Otherwise the file that runs it, and the words by which it does so. */
export type Where = 'here' | { readonly test: string; readonly by: string }

const at = (test: string, by: string): Where => ({ test: `${test}.test.ts`, by })
const decoded = (by: string): Where => at('dingtalk-decode', by)

/** File, group, where. Frames of Feishu's `pbbp2`: the client side is the official SDK, which does not export its codec. */
export const where: Readonly<Record<VectorFile, Readonly<Record<string, Where>>>> = {
  wecom: {
    callback_vectors: at('wecom-envelope', 'it.each(named(vectors.callback_vectors))'),
    jsapi_vectors: 'here',
    media_file_vectors: 'here',
    negative_vectors: at('wecom-envelope', 'it.each(named(vectors.negative_vectors))'),
  },
  dingtalk: {
    'robotHttpCallbackSign.cases': decoded('it.each(vectors.robotHttpCallbackSign.cases)'),
    'customRobotWebhookSign.cases': 'here',
    'cardHttpCallbackSign.cases': decoded('it.each(vectors.cardHttpCallbackSign.cases)'),
    'eventCrypto.decryptCases': decoded('it.each(vectors.eventCrypto.decryptCases)'),
    'eventCrypto.encryptCases': decoded('it.each(vectors.eventCrypto.encryptCases)'),
    'eventCrypto.negativeCases': 'here',
    'jsapiConfigSign.cases': 'here',
    'streamFrames.openRequest': at('dingtalk-stream', 'frames.openRequest'),
    'streamFrames.openResponse200': 'here',
    'streamFrames.openResponse401': at('dingtalk-stream', 'body: frames.openResponse401'),
    'streamFrames.connectUrl': 'here',
    'streamFrames.pingDown': at('dingtalk-frames', 'gate.push(frames.pingDown)'),
    'streamFrames.pingUp': 'here',
    'streamFrames.pingUpNodeSdk': at('dingtalk-frames', 'toEqual(frames.pingUpNodeSdk)'),
    'streamFrames.disconnectDown': at('dingtalk-stream', 'gate.push(frames.disconnectDown)'),
    'streamFrames.eventDown': at('dingtalk-frames', 'gate.push(frames.eventDown)'),
    'streamFrames.eventUpSuccess': at('dingtalk-frames', 'toEqual(frames.eventUpSuccess)'),
    'streamFrames.eventUpLater': 'here',
    'streamFrames.botDown': at('dingtalk-frames', 'gate.push(frames.botDown)'),
    'streamFrames.botUp': at('dingtalk-frames', 'toEqual(frames.botUp)'),
    'streamFrames.cardDown': 'here',
    'streamFrames.cardUp': 'here',
    'streamFrames.notFoundUp': at('dingtalk-frames', 'toEqual(frames.notFoundUp)'),
    'samplePayloads.botText': decoded("message('botText')"),
    'samplePayloads.botPicture': decoded("['botPicture', ''"),
    'samplePayloads.botAudio': decoded("'botAudio'"),
    'samplePayloads.botRichText': decoded("'botRichText',"),
    'samplePayloads.botFile': decoded("'botFile'"),
    'samplePayloads.botVideo': decoded("['botVideo', ''"),
    'samplePayloads.botQuotaExceeded': decoded("'botQuotaExceeded', {}, 'quota'"),
    'samplePayloads.cardActionStream': 'here',
    'samplePayloads.cardFormSubmit': 'here',
    'samplePayloads.cardNoBusinessPayload': 'here',
    'samplePayloads.tokenOk': 'here',
    'samplePayloads.tokenBadSecret': 'here',
    'samplePayloads.newApiBadToken': 'here',
    'samplePayloads.newApiQps': 'here',
    'samplePayloads.newApiNoScope': 'here',
    'samplePayloads.oldApiBadCode': 'here',
    'samplePayloads.sessionWebhookOk': 'here',
    'samplePayloads.sessionWebhookExpired': 'here',
    'samplePayloads.createAndDeliverOk': at('dingtalk-cards', 'ok(samples.createAndDeliverOk)'),
    'samplePayloads.createAndDeliverPartial': 'here',
  },
  feishu: {
    'aes_256_cbc.vectors': at('feishu-vectors', '(vectors.aes_256_cbc.vectors)'),
    'aes_256_cbc.negative': at('feishu-vectors', 'it.each(byName<Sealed>(vectors.aes_256_cbc.negative))'),
    'event_signature_sha256.vectors': at('feishu-vectors', 'it.each(byName<Signed & { raw_body_bytes: number }>(good))'),
    'event_signature_sha256.negative': at('feishu-vectors', 'it.each(byName<Signed>(negative))'),
    'legacy_card_signature_sha1.vectors': 'here',
    'custom_bot_sign.vectors': 'here',
    'custom_bot_sign.negative': 'here',
    'jsapi_signature_sha1.vectors': 'here',
    pkce: 'here',
    'pbbp2_frames.vectors': at('sandbox-feishu-wire', 'it.each(vectors.pbbp2_frames.vectors)'),
    'ws_endpoint.request': 'here',
    'ws_endpoint.response_ok': 'here',
    'ws_endpoint.response_auth_failed': 'here',
    'ws_endpoint.parsed': 'here',
    'flattening_by_node_sdk.input_card_event': at('feishu-vectors', 'vectors.flattening_by_node_sdk.input_card_event'),
    'flattening_by_node_sdk.expect': 'here',
  },
}

/** What a file says about its vectors. Everything else in it is one. */
const prose = new Set([
  '_about',
  'about',
  'algorithm',
  'custom_bot_sign.algorithm',
  'pbbp2_frames.proto2',
  'event_signature_sha256.headers',
])
const isProse = (path: string): boolean => prose.has(path) || /\.(algorithm|note)$/.test(path)

type Found = { readonly group: string; readonly name: string; readonly value: unknown }
const parsed = (file: VectorFile): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), 'utf8'))

const nameOf = (value: unknown, index: number): string => {
  const { id, name } = Object(value)
  return String(id ?? name ?? index)
}
const inGroup = (group: string, value: unknown): readonly Found[] =>
  Array.isArray(value)
    ? value.map((one, index) => ({ group, name: `${group}/${nameOf(one, index)}`, value: one }))
    : [{ group, name: group, value }]

/** Every vector of a file: each item of a list, each named member of a part that is no list. */
export const vectorsOf = (file: VectorFile): readonly Found[] =>
  Object.entries(parsed(file)).flatMap(([part, held]) => {
    if (isProse(part)) return []
    if (Array.isArray(held) || typeof held !== 'object' || held === null) return inGroup(part, held)
    const members = Object.entries(held).map(([member, value]): [string, unknown] => [`${part}.${member}`, value])
    return members.filter(([group]) => !isProse(group)).flatMap(([group, value]) => inGroup(group, value))
  })

const taken = new Set<string>()

/** The vectors of one group, by name; from now on they count as tested. Throws for a group that is not there. */
export const take = <T>(file: VectorFile, group: string): [string, T][] => {
  const found = vectorsOf(file).filter((one) => one.group === group)
  if (found.length === 0) throw new Error(`${file}.json has no ${group}`)
  return found.map(({ name, value }) => {
    taken.add(`${file} ${name}`)
    return [name, value as T]
  })
}

/** As `take`, for a group of one. */
export const takeOne = <T>(file: VectorFile, group: string): T => {
  const [first, ...more] = take<T>(file, group)
  if (!first || more.length > 0) throw new Error(`${file}.json has several of ${group}`)
  return first[1]
}

const sources = new Map<string, string>()
const sourceOf = (test: string): string => {
  const known = sources.get(test) ?? readFileSync(new URL(test, import.meta.url), 'utf8')
  sources.set(test, known)
  return known
}

/** Why a vector is tested by nothing, or null when something tests it. */
export const untested = (file: VectorFile, { group, name }: Found): string | null => {
  const row = where[file][group]
  if (row === undefined) return `${file} ${name}: ${group} is not in the table`
  if (row === 'here') return taken.has(`${file} ${name}`) ? null : `${file} ${name}: never taken`
  return sourceOf(row.test).includes(row.by) ? null : `${file} ${name}: ${row.test} has no ${row.by}`
}
