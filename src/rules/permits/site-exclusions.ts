import type { Overlay } from './overlay.ts'
import { packs, tenantDefaults, tenantExclusions } from './packs.ts'
import type { Exclusion, RulePack, SiteProfile, WorkType } from './rule-pack.ts'

/** The pack under which a work was submitted: what other packs say of that work does not touch it. */
export type Frozen = { readonly pack: string; readonly work: WorkType }

/** The pairs that exclude each other at a site: those of every pack that may answer there, and the further ones of its overlay, or of the default without one. */
export const exclusionsFor = (
  profile: SiteProfile,
  overlay: Overlay | null,
  frozen: Frozen | null = null,
): readonly Exclusion[] => {
  const own = overlay ? overlay.exclusions : tenantDefaults
  const holds = ({ id, profiles, works }: RulePack): boolean =>
    frozen === null ? profiles.includes(profile) : id === frozen.pack || (profiles.includes(profile) && !works[frozen.work])
  const all = [
    ...packs.filter(holds).flatMap(({ exclusions }) => exclusions),
    ...tenantExclusions.filter(({ id }) => own.includes(id)),
  ]
  return [...new Map(all.map((one) => [one.id, one])).values()]
}
