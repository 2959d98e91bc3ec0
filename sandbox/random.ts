/** A stream of numbers in [0, 1) that the same seed repeats (mulberry32, public domain, Tommy Ettinger 2017). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A seed of its own for each place that draws, so that traffic in one place never shifts the draws of another (FNV-1a). */
export const seedFor = (seed: number, place: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const character of place) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}
