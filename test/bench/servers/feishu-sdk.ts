/** Reference: the official Feishu SDK's dispatcher on plain `http`, as its page shows it, with a handler that does nothing. Verifies and decrypts as ours does. */
import { createServer } from 'node:http'
import { adaptDefault, EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk'
import { credentials } from '../plant.ts'

const { encryptKey = '', verificationToken = '' } = credentials.feishu
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
const dispatcher = new EventDispatcher({
  encryptKey,
  verificationToken,
  logger: silent,
  loggerLevel: LoggerLevel.fatal,
}).register({
  'im.message.receive_v1': async () => ({}),
})
const server = createServer()
server.on('request', adaptDefault('/hooks/feishu-demo', dispatcher))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`ready ${address && typeof address === 'object' ? address.port : 0}`)
})
