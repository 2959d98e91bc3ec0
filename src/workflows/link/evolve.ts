import type { LinkEvent, LinkState } from './link.ts'

type Changes = {
  readonly [T in LinkEvent['type']]: (state: LinkState, event: Extract<LinkEvent, { type: T }>) => Partial<LinkState>
}
const unassigned = { assignedBy: undefined }
const changes: Changes = {
  requested: () => ({ ...unassigned, status: 'waiting', person: null, code: null }),
  codeIssued: (_, { hash, until }) => ({ ...unassigned, status: 'coded', person: null, code: { hash, until } }),
  claimed: (_, { person }) => ({ ...unassigned, status: 'claimed', person, code: null }),
  assigned: (_, { person, by }) => ({ status: 'claimed', person, code: null, assignedBy: by }),
  linked: (_, { person, proof }) => ({ ...unassigned, status: 'linked', person, proof, code: null }),
  denied: () => ({ ...unassigned, status: 'denied', person: null, code: null }),
  released: () => ({ ...unassigned, status: 'denied', person: null, proof: null, code: null }),
  notMatched: (_, { name }) => (name ? { name } : {}),
  reminded: (_, { count }) => ({ reminded: count }),
}

/** Folds one event; `requested` alone begins a request. */
export const evolveLink = (state: LinkState | null, event: LinkEvent): LinkState => {
  if (!state) {
    if (event.type !== 'requested') throw new Error(`a link cannot begin with ${event.type}`)
    const { account, conversation, name, at } = event
    return { status: 'waiting', account, conversation, name, since: at, code: null, person: null, proof: null, reminded: 0 }
  }
  return { ...state, ...(changes[event.type] as (state: LinkState, event: LinkEvent) => Partial<LinkState>)(state, event) }
}
