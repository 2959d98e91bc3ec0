import { lotOn } from '../../src/lib/lots.ts'
import type { Actor, Facts } from '../../src/workflows/workflow.ts'
import { plantWith } from './hazard-desk.ts'

/** What a decision sees at an instant, where no other subject has anything to say: for states that are folded by hand. */
export const factsAt = (at: string, actor: Actor): Facts => ({
  at: new Date(at),
  actor,
  arrival: 'c1/1',
  subject: 'haz_1',
  code: null,
  oneTimeCode: '',
  keyed: () => '',
  plant: plantWith(),
  read: () => [],
  count: () => 0,
  draw: (label) => lotOn('the secret of this desk', new Date(at), 'haz_1', label),
})
