type Tagged<K extends string> = { readonly [P in K]: string }
type Arms<T extends Tagged<K>, K extends string, R> = { readonly [V in T[K]]: (value: Extract<T, Record<K, V>>) => R }

const matchOn =
  <K extends string>(tag: K) =>
  <T extends Tagged<K>, R>(value: T, arms: Arms<T, K, R>): R =>
    (arms as unknown as Record<string, (v: T) => R>)[value[tag]]?.(value) as R

/** Exhaustive choice on `kind`: the compiler finds the missing arm. */
export const match = matchOn('kind')
/** Exhaustive choice on `type` (commands and events). */
export const matchType = matchOn('type')
