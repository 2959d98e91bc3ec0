import { createHash } from 'node:crypto'
import type { World } from '../contract.ts'

/** Ids in the platform's shapes. Those that a person or group keeps for life are derived from names, the others are drawn from the seeded world. */
export type Ids = {
  /** `length` characters of lower-case hex. */
  readonly hex: (length: number) => string
  /** Upper-case UUID of the kind that stands in `requestid`. */
  readonly request: () => string
  readonly uuid: () => string
}

export const createIds = (random: World['random']): Ids => {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
  const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-')
  return { hex, uuid, request: () => uuid().toUpperCase() }
}

/** A short, stable digest of the parts: what the platform would have assigned once and for all. */
export const digest = (length: number, ...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, length)

export const unionIdOf = (corpId: string, account: string): string => `${digest(22, 'union', corpId, account)}iE`
export const dingtalkIdOf = (corpId: string, account: string): string => `$:LWCP_v1:$${digest(24, 'id', corpId, account)}==`
