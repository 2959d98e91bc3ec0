import type { Overlay } from './overlay.ts'
import { packs, tenantDefaults, tenantExclusions } from './packs.ts'
import type { Exclusion, SiteProfile } from './rule-pack.ts'

/** The pairs that exclude each other at a site: those of every pack that may answer there, and the further ones of its overlay, or of the default without one. */
export const exclusionsFor = (profile: SiteProfile, overlay: Overlay | null): readonly Exclusion[] => {
  const own = overlay ? overlay.exclusions : tenantDefaults
  const all = [
    ...packs.filter(({ profiles }) => profiles.includes(profile)).flatMap(({ exclusions }) => exclusions),
    ...tenantExclusions.filter(({ id }) => own.includes(id)),
  ]
  return [...new Map(all.map((one) => [one.id, one])).values()]
}
