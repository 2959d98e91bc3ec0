import { livesUnder, type Switch } from '../support/switches.ts'

const lost = { name: 'lostAnswer', surface: 'wecom', times: 2 }
const doubled = { name: 'twice', surface: 'wecom' }

/** What WeCom's documents leave open. Not here: `accountLimit` (an amount of the edition). */
const switches: readonly Switch[] = [
  { name: 'wecom.tokenRepeat', values: ['fresh'], shift: 1 },
  { name: 'wecom.retryFresh', values: ['fresh', 'same'], shift: 2, fault: doubled },
  { name: 'wecom.retrySpacing', values: ['0'], shift: 2 },
  { name: 'wecom.longTitles', values: ['reject'], shift: 1 },
  { name: 'wecom.repeatedCard', values: ['duplicate', 'taskId'], shift: 1, fault: lost },
  { name: 'wecom.mobiles', values: ['visible'], shift: 2 },
  { name: 'wecom.recallEndsUpdates', values: ['no'], shift: 1 },
]

livesUnder(switches)
