/**
 * Lets everything that has arrived be read before work begins. Where the database answers within this process (PGlite), a chain of awaits never returns to the
 * event loop, and without this every batch would be a batch of one.
 */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Collects items that come while a run is in flight and runs them together. A failed run fails every item of it. */
export const createBatcher = <T, R>(
  run: (items: readonly T[]) => Promise<readonly R[]>,
  most: number,
): ((item: T) => Promise<R>) => {
  const line: { readonly item: T; readonly done: (result: R) => void; readonly failed: (error: unknown) => void }[] = []
  let running = false
  const pump = async (): Promise<void> => {
    if (running) return
    running = true
    while (line.length > 0) {
      await breath()
      const batch = line.splice(0, most)
      try {
        const results = await run(batch.map(({ item }) => item))
        for (const [index, { done }] of batch.entries()) done(results[index] as R)
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    running = false
  }
  return (item) =>
    new Promise((done, failed) => {
      line.push({ item, done, failed })
      void pump()
    })
}

/** At most `most` tasks at a time; the rest wait in order. */
export const createGate = (most: number): (<T>(task: () => Promise<T>) => Promise<T>) => {
  const line: (() => void)[] = []
  let inside = 0
  return async (task) => {
    if (inside >= most) await new Promise<void>((go) => line.push(go))
    inside += 1
    try {
      return await task()
    } finally {
      inside -= 1
      line.shift()?.()
    }
  }
}
