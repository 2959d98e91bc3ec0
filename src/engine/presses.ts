import type { Incoming } from '../bots/platform.ts'
import { heldIn } from '../cards/action-key.ts'
import { placedCard } from '../cards/home-card.ts'
import type { Arrival } from './arrival.ts'
import type { Pass } from './batch.ts'
import type { Case } from './cases.ts'
import { textTo } from './messages.ts'
import type { Answer } from './replies.ts'
import type { PressedCard } from './rows.ts'

/** The live card whose button was pressed. A card that hangs in somebody else's chat is never repainted by a stranger's press on a copy. */
export const pressedCard = (incoming: Incoming, pass: Pass): PressedCard | null =>
  incoming.kind === 'press'
    ? (pass.answers.cards.find((card) => card.connection === incoming.connection && card.message === incoming.message) ?? null)
    : null

/** The answer to a press. A question's card becomes a statement; words that a platform cannot show in its answer go out as a message. */
export const answerPress = (answer: Answer, arrival: Arrival & { source: 'platform' }, on: Case | null, pass: Pass): Answer => {
  const { incoming } = arrival
  const held = incoming.kind === 'press' ? heldIn(incoming.action) : undefined
  const card = held !== undefined && on ? placedCard(on.code) : (answer.reply?.card ?? null)
  const toast = answer.reply?.toast ?? null
  if (toast && !card && !pass.saysInAnswer(incoming.connection)) textTo(arrival, toast.text, pass, on)
  return { reply: toast || card ? { toast, card } : null, drawn: held === undefined ? answer.drawn : null }
}
