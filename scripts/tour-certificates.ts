/** The demo's certificates for a plant whose clock is set to another day than today. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../demo/certificates.csv', import.meta.url))

/**
 * The working day on which the tour and the stories of permits are played, and for which the file was written. Later years have no published calendar yet, and
 * on a day that may be free every hot work is upgraded.
 */
export const playedOn = '2026-11-24'
const midnight = (date: string): number => Date.parse(`${date}T00:00Z`)

/**
 * The list as it must be handed to a demo that starts today and is then set to `playedOn`: the start moves every date from the day the file was written for to
 * today, so here they are moved back by as much.
 */
export const certificatesFor = (today: Date): string => {
  const by = midnight(playedOn) - midnight(today.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' }))
  const moved = (date: string): string => new Date(midnight(date) + by).toISOString().slice(0, 10)
  return readFileSync(file, 'utf8').replaceAll(/\d{4}-\d{2}-\d{2}/g, moved)
}
