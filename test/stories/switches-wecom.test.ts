import { livesUnder, type Switch } from '../support/switches.ts'

const lost = { name: 'lostAnswer', surface: 'wecom', times: 2 }
const doubled = { name: 'twice', surface: 'wecom' }

/** What WeCom's documents leave open. Not here: `accountLimit` (an amount of the edition). */
const switches: readonly Switch[] = [
  { name: 'wecom.tokenRepeat', values: ['same', 'fresh'], shift: 1 },
  { name: 'wecom.retryFresh', values: ['fresh', 'same'], shift: 2, fault: doubled },
  { name: 'wecom.retrySpacing', values: ['5', '0'], shift: 2 },
  { name: 'wecom.longTitles', values: ['clip', 'reject'], shift: 1 },
  { name: 'wecom.repeatedCard', values: ['duplicate', 'taskId'], shift: 1, fault: lost },
  { name: 'wecom.mobiles', values: ['hidden', 'visible'], shift: 2 },
  { name: 'wecom.recallEndsUpdates', values: ['yes', 'no'], shift: 1 },
]

livesUnder(switches)
