/** Somebody said 停止作业 (4.8): which works that stopped. It is written down even though it is over at once. */
export type HaltState = {
  readonly status: 'said'
  readonly site: string
  /** Person id; null for an account that is not linked: danger is not a matter of papers. */
  readonly by: string | null
  readonly name: string
  /** What stood behind 停止作业: a place, a code, a reason. */
  readonly words: string
  readonly at: string
  readonly stopped: readonly Stopped[]
}

export type Stopped = { readonly subject: string; readonly code: string; readonly area: string; readonly point: string }

export type HaltCommand = { readonly type: 'halt'; readonly text: string }

export type HaltEvent = {
  readonly type: 'halted'
  readonly site: string
  readonly by: string | null
  readonly name: string
  readonly words: string
  readonly at: string
  readonly stopped: readonly Stopped[]
}
