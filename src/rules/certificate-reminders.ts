import { idFor } from '../lib/id.ts'

/**
 * When holders and safety officers hear that a certificate runs out or must be reviewed, in days before that date; the day after it, that the certificate is
 * invalid. 60 days: applications are taken from then on (原总局令第30号第二十二条); 30 and 7: promise of the product.
 */
export const certificateReminders = {
  id: 'certificate-reminders@1',
  effectiveFrom: '2026-01-01',
  source: '原总局令第30号第二十二条（60日）；自定（30日、7日）',
  days: [60, 30, 7],
  /** The hour of the site's own clock, as whole hours after midnight. */
  hour: 8,
  /** As lists and cards call the date. */
  names: { expiry: '有效期至', review: '应复审日期' },
} as const

export const certificatePrefix = 'crt'
/** All certificates of a person are one subject, so that one card tells them all. */
export const certificateSubject = (site: string, person: string): string =>
  idFor(certificatePrefix, `certificates:${site}:${person}`)
