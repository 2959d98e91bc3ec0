import type { Facts } from '../workflow.ts'

/** The code of a work point changes this often; the one before still counts, because typing takes time. Our own figures. */
export const codeStep = 60_000
const steps = 2

const codeAt = (step: number, { keyed, subject }: Facts): string =>
  String(Number.parseInt(keyed(`work point\n${subject}\n${step}`).slice(0, 12), 16) % 1_000_000).padStart(6, '0')

/** Six digits that only a phone at the work point shows, for this minute. */
export const codeNow = (facts: Facts): string => codeAt(Math.floor(facts.at.getTime() / codeStep), facts)

/** Is it the code of now, or of the minute before? */
export const isTheirCode = (digits: string, facts: Facts): boolean => {
  const now = Math.floor(facts.at.getTime() / codeStep)
  return /^\d{6}$/.test(digits) && Array.from({ length: steps }, (_, back) => codeAt(now - back, facts)).includes(digits)
}

export type Position = { readonly lat: number; readonly lng: number; readonly accuracy: number; readonly at: Date }

/** Browsers give as many decimals as a double has, and some of them fractions of a millisecond. */
const shape = /^(-?\d{1,2}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?),(\d{1,6}(?:\.\d{1,20})?),(\d{12,14}(?:\.\d{1,20})?)$/

/** `lat,lng,accuracy in metres,milliseconds since 1970`, as the page's browser measured it (WGS-84); null for anything else. */
export const readPosition = (text: string | undefined): Position | null => {
  const [, lat = '', lng = '', accuracy = '', at = ''] = shape.exec(text?.trim() ?? '') ?? []
  if (at === '' || Math.abs(Number(lat)) > 90 || Math.abs(Number(lng)) > 180) return null
  return { lat: Number(lat), lng: Number(lng), accuracy: Number(accuracy), at: new Date(Number(at)) }
}
