/** The daily digest (每日安全简报): when it is made and how much it lists. Our own defaults; chapter 6 of the indicators names what is counted. */
export const digestRule = {
  id: 'digest@1',
  effectiveFrom: '2026-01-01',
  /** Local time of the site. */
  at: '07:30',
  /** Cases that a team lead is shown. */
  teamTop: 3,
  /** Cases that the plant and the group are shown. */
  plantTop: 5,
  /** Days that a rate of the digest and of the questions looks back over. */
  window: 30,
} as const
