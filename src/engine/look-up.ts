import type { AccountRef, Actor } from '../workflows/workflow.ts'
import type { Pass } from './batch.ts'
import type { Case } from './cases.ts'

/** Shows a case to whoever has asked for it by its code, and tells the case so where it wants to know. */
export const showFound = (on: Case, { connection, account }: AccountRef, actor: Actor, pass: Pass): void => {
  const to = { kind: 'account', connection, account } as const
  pass.perform({ kind: 'showCard', to, duty: 'look', urgent: false, ring: false }, on, actor)
  if (actor.kind !== 'person' || !on.state) return
  const { workflow } = on.registered
  const command = workflow.lookedUp?.(on.state, actor.person, pass.plantOf(on.site).plant) ?? null
  if (command === null) return
  const key = `seen:${on.id}:${actor.person}`
  pass.perform({ kind: 'command', workflow: workflow.name, subject: on.id, key, command }, on, actor)
}
