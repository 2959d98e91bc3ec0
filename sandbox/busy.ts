/** Work under way towards the service: what `settle` waits for. */
export type Busy = {
  readonly busy: <T>(label: string, work: Promise<T>) => Promise<T>
  readonly waiting: () => readonly string[]
}

export const createBusy = (): Busy => {
  const under = new Map<symbol, string>()
  return {
    busy: (label, work) => {
      const key = Symbol(label)
      under.set(key, label)
      return work.finally(() => under.delete(key))
    },
    waiting: () => [...under.values()],
  }
}
