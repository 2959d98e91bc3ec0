import { livesUnder, type Switch } from '../support/switches.ts'

const lost = { name: 'lostAnswer', surface: 'dingtalk', times: 3 }
const doubled = { name: 'twice', surface: 'dingtalk' }

/**
 * What DingTalk's documents leave open. Not here: `groupPhoto` (cases live in direct chats), `batchUsers` and `flowControlled` (one person is written to at a
 * time), `unsafeWord` and `cardValueBytes` (amounts, not facts).
 */
const switches: readonly Switch[] = [
  { name: 'dingtalk.requiredFor', values: ['submit'], shift: 0 },
  { name: 'dingtalk.cardRepeat', values: ['error', 'silent'], shift: 0, fault: lost },
  { name: 'dingtalk.registerExisting', values: ['error'], shift: 0, door: 'http' },
  { name: 'dingtalk.tokenHosts', values: ['separate'], shift: 0 },
  { name: 'dingtalk.redeliverMessageId', values: ['new', 'same'], shift: 1, fault: doubled },
  { name: 'dingtalk.redeliver', values: ['never'], shift: 1 },
  { name: 'dingtalk.redeliveries', values: ['3'], shift: 1 },
  { name: 'dingtalk.quotaKeys', values: ['err'], shift: 1 },
  { name: 'dingtalk.photoWithText', values: ['two'], shift: 1 },
  { name: 'dingtalk.connectionHours', values: ['1'], shift: 1 },
  { name: 'dingtalk.pingSeconds', values: ['1'], shift: 0 },
  { name: 'dingtalk.dingPackage', values: ['100'], shift: 0 },
]

livesUnder(switches)
