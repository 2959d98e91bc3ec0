import { z } from 'zod'
import type { Overlay } from '../rules/permits/overlay.ts'

const bounded = z.number().positive()
const node = z.object({
  id: z.string().regex(/^[a-z][A-Za-z0-9]{1,40}$/),
  label: z.string().min(1).max(40),
  role: z.string().min(1).max(40),
  scope: z.enum(['site', 'area', 'permit']),
  kind: z.enum(['confirm', 'review', 'countersign', 'approve', 'beforeStart', 'acceptance']),
  clause: z.string().max(40).default('自定'),
  after: z.string().max(40),
})
const measure = z.object({
  id: z.string().regex(/^[a-z][A-Za-z0-9.]{1,60}$/),
  text: z.string().min(1).max(200),
  optional: z.boolean().default(false),
  clause: z.string().max(40).default('自定'),
})
const work = z.object({
  validity: z.record(z.string(), bounded).optional(),
  sampleAge: bounded.optional(),
  retestAfter: z.record(z.string(), z.number().min(0)).optional(),
  limits: z.record(z.string(), z.object({ least: z.number().optional(), most: z.number().optional() })).optional(),
  nodes: z.array(node).max(10).optional(),
  measures: z.array(measure).max(40).optional(),
  windForce: z.number().int().min(1).max(12).optional(),
})
const overlay = z.object({
  id: z.string().min(1).max(60),
  works: z.partialRecord(
    z.enum(['hot', 'confinedSpace', 'blindPlate', 'height', 'lifting', 'temporaryPower', 'excavation', 'roadClosure']),
    work,
  ),
  exclusions: z.array(z.string().max(60)).max(20).default([]),
})

/**
 * What a site says of itself in the organisation file: the kind of enterprise, which selects the rule packs of special works, and what it asks of permits beyond
 * them. Durations in milliseconds. That the overlay only tightens is checked against the packs when the file is read.
 */
export const siteSettings = z.object({
  profile: z.enum(['hazchem', 'general_industry', 'construction']).default('hazchem'),
  overlay: overlay.optional(),
})
export type SiteSettings = { readonly profile?: z.infer<typeof siteSettings>['profile']; readonly overlay?: Overlay }
