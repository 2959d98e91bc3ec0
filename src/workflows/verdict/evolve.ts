import type { VerdictEvent, VerdictState, VerdictStatus } from './verdict.ts'

const ended = (status: VerdictStatus, at: string, reason: string | null = null): Partial<VerdictState> => ({
  status,
  endedAt: at,
  reason,
})

const change = (event: Exclude<VerdictEvent, { type: 'asked' }>): Partial<VerdictState> => {
  switch (event.type) {
    case 'shown':
      return {
        files: event.files,
        pending: event.pending,
        ...(event.checks === undefined ? {} : { checks: event.checks }),
      }
    case 'vetoed':
      return ended('vetoed', event.at, event.reason)
    case 'passed':
    case 'declared':
    case 'expired':
    case 'unreached':
    case 'withdrawn':
      return ended(event.type, event.at)
  }
}

/** State after an event. Throws when a verdict does not begin with the question. */
export const evolveVerdict = (state: VerdictState | null, event: VerdictEvent): VerdictState => {
  if (event.type === 'asked') {
    const { type: _, at, ...asked } = event
    return { status: 'asked', ...asked, askedAt: at, endedAt: null, reason: null }
  }
  if (!state) throw new Error(`a verdict cannot begin with ${event.type}`)
  return { ...state, ...change(event) }
}
