import { atLeisure, livesWhole } from './acts.ts'
import { story } from './story.ts'
import type { Arrangement } from './world.ts'

/**
 * A fact that a platform's documents leave open, where the life of a case meets it, and what must go wrong for it to show. `values` leaves out the default
 * where nothing need go wrong: every run but its own lives under it.
 */
export type Switch = {
  readonly name: string
  readonly values: readonly string[]
  /** 0: the reporter is on Feishu, the owner on DingTalk; 1: DingTalk and WeCom; 2: WeCom and Feishu. */
  readonly shift: Arrangement['shift']
  readonly door?: Arrangement['door']
  readonly fault?: object
}

/** Plays the whole life of a case under each value of each switch. */
export const livesUnder = (switches: readonly Switch[]): void => {
  for (const { name, values, shift, door = 'stream', fault } of switches) {
    for (const value of values) {
      story(`a case lives its whole life with ${name} = ${value}`, [{ database: 'pglite', shift, door }], async (stage) => {
        await stage.world.post('/profile', { choices: { [name]: value } })
        if (fault) await stage.fault(fault)
        await livesWhole(fault ? atLeisure(stage) : stage)
      })
    }
  }
}
