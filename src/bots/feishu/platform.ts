/** Feishu (飞书) and Lark behind the port. What it can do is in `capabilities.ts`. */
import type { ChatPlatform, PlatformPorts, RawRequest, RawResponse, Received } from '../platform.ts'
import { answerBody } from './answer.ts'
import { broadcast, isBatch, recallBatch } from './batch.ts'
import { can } from './capabilities.ts'
import { createClient } from './client.ts'
import type { FeishuConnection } from './connection.ts'
import { decodeEnvelope } from './decode.ts'
import { directory, whoIs } from './directory.ts'
import { fetchFile, uploadImage } from './files.ts'
import { recall, ring, send, update } from './messages.ts'
import { readBy } from './receipts.ts'
import { createSignIn } from './sign-in.ts'
import { createOpener, type Opened, oldestCallback } from './verify.ts'

export type { FeishuConnection } from './connection.ts'

/** Throws when a `webhook` connection lacks its keys; a `stream` connection without them refuses every HTTP request. */
export const createFeishu = (connection: FeishuConnection, ports: PlatformPorts): ChatPlatform => {
  const client = createClient(connection, ports)
  return {
    connection: connection.id,
    surface: 'feishu',
    can,
    receive: createReceive(connection, ports),
    send: (to, what, once) => send(client, to, what, once),
    broadcast: (accounts, what) => broadcast(client, accounts, what),
    update: (message, _handle, card) => update(client, message, card),
    ring: (account, message) => ring(client, account, message),
    whoIs: (account) => whoIs(client, account),
    directory: () => directory(client),
    fetchFile: (file, limit) => fetchFile(client, file, limit),
    uploadImage: (jpeg) => uploadImage(client, jpeg),
    recall: (message) => (isBatch(message) ? recallBatch : recall)(client, message),
    signIn: createSignIn(connection),
    readBy: (message) => readBy(client, message),
  }
}

const createReceive = (connection: FeishuConnection, { clock }: PlatformPorts): ((request: RawRequest) => Received) => {
  const keyless = connection.mode === 'stream' && !(connection.encryptKey && connection.verificationToken)
  const open = keyless ? (): Opened => ({ kind: 'refused', because: 'no-keys' }) : createOpener(connection, clock)

  return (request) => {
    const opened = open(request)
    if (opened.kind === 'refused') return refuse(opened.because)
    if (opened.kind === 'handshake') return { kind: 'handshake', response: reply({ challenge: opened.challenge }) }
    const decoded = decodeEnvelope(connection, opened.envelope, clock.now())
    if (decoded.kind === 'refused') return refuse(decoded.because)
    const { incoming } = decoded
    if (incoming.kind !== 'press') return { kind: 'accepted', incoming, answer: () => reply({}) }
    if (!(opened.age <= oldestCallback)) return refuse('stale')
    return { kind: 'accepted', incoming, answer: (words) => reply(answerBody(words)) }
  }
}

const reply = (body: Readonly<Record<string, unknown>>, status = 200): RawResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

/** One answer for every reason: a caller who could tell them apart would have an oracle for the encryption, which is not authenticated. */
const refuse = (because: string): Received => ({ kind: 'refused', because, response: reply({}, 403) })
