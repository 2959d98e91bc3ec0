import { commonText } from '../cards/text/common.ts'
import { fill } from '../cards/words.ts'
import { hours } from '../lib/clock.ts'
import { beat } from './auditor.ts'
import { tellOperators } from './operators.ts'
import type { EngineParts } from './parts.ts'

/** An alarm that was proven authentic and became no case. */
export type AlarmFailure = {
  readonly source: string
  readonly name: string
  readonly site: string
  readonly because: string
  /** Names of the fields of its body, for whoever mends the mapping; empty when it is none. */
  readonly fields: readonly string[]
}

/** Where the last failure of a source stands, for `andon doctor`: a row of `beat`. */
export const failureName = (source: string): string => `alarm:${source}`

/** What only a person can mend: as long as it lasts, every alarm of the source is lost. */
const mendable: ReadonlySet<string> = new Set(['nothing-mapped', 'not-json'])

/** Operators hear of one source this often at most, however many alarms it sends. */
const slot = hours(1)

/**
 * Remembers that an alarm of a source became no case, and tells the operators in words when they must mend something: once an hour for each source.
 * Never rejects: the sender's answer does not hang on it.
 */
export const createAlarmFailures =
  (parts: EngineParts) =>
  async ({ source, name, site, because, fields }: AlarmFailure): Promise<void> => {
    try {
      await beat(parts, failureName(source), because)
      if (!mendable.has(because)) return
      const values = { source, name, fields: fields.join('、') || commonText.unmappedAlarm.noFields }
      await tellOperators(parts, {
        site,
        id: `unmapped-${source}-${Math.floor(parts.clock.now().getTime() / slot)}`,
        because: 'alarm-unmapped',
        values: { source, because },
        text: fill(commonText.unmappedAlarm.text, values),
      })
    } catch (error) {
      parts.log.error('a failure of a source of alarms could not be recorded', { source, error: String(error) })
    }
  }
