import { clip } from '../lib/text.ts'
import { areaOfAlarm } from '../workflows/hazard/raise.ts'
import type { SuspendReason } from '../workflows/permit/permit.ts'
import type { Plant } from '../workflows/workflow.ts'
import type { Arrival } from './arrival.ts'
import type { FoundPermit } from './open-permits.ts'

/** Which alarms of a source stop work: those of these colours, all where none are named. */
export type Suspends = {
  readonly because: Extract<SuspendReason, 'gasAlarm' | 'deviceAlarm'>
  readonly colours?: readonly string[] | undefined
}

type Said = {
  readonly name: string
  readonly text: string
  readonly area: string
  readonly defaultArea: string
  readonly colour: string
}

/** An alarm without a colour is of one that nobody knows, which is never harmless. */
const isGrave = ({ colour }: Said, { colours }: Suspends): boolean =>
  colours === undefined || colour === '' || colours.includes(colour)

/**
 * The commands that stop the active permits of the alarm's area. Where nobody can tell the area every one of the site stops; a permit whose row cannot be read
 * is asked to stop as well, and says itself whether it goes on.
 */
export const alarmStops = (
  about: {
    readonly alarm: Said
    readonly suspends: Suspends
    readonly connection: string
    readonly site: string
    readonly key: string
  },
  permits: readonly FoundPermit[],
  plant: Plant,
): readonly Arrival[] => {
  const { alarm, suspends, connection, site, key } = about
  if (!isGrave(alarm, suspends)) return []
  const area = areaOfAlarm(alarm, plant)
  const isThere = ({ permit }: FoundPermit): boolean =>
    permit === null || (permit.status === 'active' && (area === null || permit.area === area))
  return permits.filter(isThere).map(({ subject }) => ({
    source: 'system',
    connection,
    site,
    key: `${key}/${subject}`,
    subject,
    workflow: 'permit',
    command: {
      type: 'suspendBy',
      because: suspends.because,
      detail: clip(`${alarm.name} ${alarm.text}`.replaceAll('\n', ' '), 200),
    },
  }))
}
