import { livesUnder, type Switch } from '../support/switches.ts'

const lost = { name: 'lostAnswer', surface: 'feishu', times: 3 }
const busy = { name: 'e429', surface: 'feishu', times: 4 }
const doubled = { name: 'twice', surface: 'feishu' }

/**
 * What Feishu's documents leave open. Not here: `wrongSecret` and `wrongSecretStatus` (a connection with a wrong secret lives no case), `callbackFrame = card`
 * (no official SDK hands such a press over, so nobody could answer it), and numbers of the tenant's edition (quotas, fragments).
 */
const switches: readonly Switch[] = [
  { name: 'feishu.uuidRepeat', values: ['same', 'error'], shift: 2, fault: lost },
  { name: 'feishu.unfilled', values: ['empty'], shift: 2 },
  { name: 'feishu.userId', values: ['null', 'missing'], shift: 0 },
  { name: 'feishu.challengeSignature', values: ['signed'], shift: 2, door: 'http' },
  { name: 'feishu.busyHeaders', values: ['present'], shift: 2 },
  { name: 'feishu.lockedPatch', values: ['actionLock', 'accepted'], shift: 2 },
  { name: 'feishu.emptyAck', values: ['accepted'], shift: 2 },
  { name: 'feishu.photoWithText', values: ['two'], shift: 0 },
  { name: 'feishu.twice', values: ['sameEvent', 'newEventId', 'newMessageId'], shift: 0, fault: doubled },
  { name: 'feishu.tooMany', values: ['code', 'bare'], shift: 2, fault: busy },
  { name: 'feishu.clientConfig', values: ['documented'], shift: 2 },
  { name: 'feishu.dlp', values: ['on'], shift: 2 },
]

livesUnder(switches)
