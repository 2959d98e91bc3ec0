/** What the phone page hears at once. Events only say what changed; the page asks for it, so nothing here grows. */
export type Change =
  | { readonly kind: 'phone'; readonly person: string }
  | { readonly kind: 'log' }
  | { readonly kind: 'clock' }
  | { readonly kind: 'faults' }
  | { readonly kind: 'profile' }

export type Hub = {
  readonly tell: (change: Change) => void
  /** Gives a function that ends the listening; null when too many listen already. */
  readonly listen: (hear: (change: Change) => void) => (() => void) | null
}

const mostListeners = 64

export const createHub = (): Hub => {
  const listeners = new Set<(change: Change) => void>()
  return {
    tell: (change) => {
      for (const hear of listeners) hear(change)
    },
    listen: (hear) => {
      if (listeners.size >= mostListeners) return null
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
  }
}
