import { sql } from 'kysely'
import { z } from 'zod'
import type { Tx } from '../db/database.ts'
import { newId } from '../lib/id.ts'
import { siteSettings } from './site-settings.ts'

const point = z.object({ lat: z.number(), lng: z.number() })
const areaFile = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  aliases: z.array(z.string()).default([]),
  owner: z.string().nullish(),
  team: z.string(),
  center: point.nullish(),
  radiusMetres: z.number().positive().nullish(),
})
/** A pump, a tank, a vessel: its code as it is painted on it, what people call it, and the area in which it stands. */
const equipmentFile = z.object({ id: z.string().min(1).max(40), name: z.string().min(1), area: z.string().min(1) })

/** Separation of duties: an administrator gives roles and links accounts, and so acts in no case and holds no other role. */
const holdsApart = (roles: readonly string[]): boolean => {
  const names = new Set(roles.map((role) => role.split('@')[0]))
  return !names.has('administrator') || names.size === 1
}

const personFile = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  job: z.string().default(''),
  team: z.string().default(''),
  company: z.string().default(''),
  employeeNo: z.string().nullish(),
  mobile: z.string().nullish(),
  roles: z
    .array(z.string())
    .default([])
    .refine(holdsApart, 'an administrator holds no other role: give the other roles to somebody else'),
  accounts: z.array(z.object({ connection: z.string(), account: z.string() })).default([]),
})

/** The organisation file: one site, its areas, people, roles as `role@scope`, and the accounts the administrator vouches for. */
export const organisationFile = z
  .object({
    site: z.object({ id: z.string().regex(/^[A-Z0-9]{3,6}$/), name: z.string(), timeZone: z.string(), ...siteSettings.shape }),
    areas: z.array(areaFile),
    equipment: z.array(equipmentFile).default([]),
    people: z.array(personFile),
  })
  .superRefine(({ areas, equipment }, context) => {
    const known = new Set(areas.map(({ id }) => id))
    const seen = new Set<string>()
    equipment.forEach(({ id, area }, index) => {
      const message = !known.has(area)
        ? `there is no area ${area}`
        : seen.has(id.toUpperCase())
          ? `${id} stands here twice`
          : null
      if (message) context.addIssue({ code: 'custom', path: ['equipment', index], message })
      seen.add(id.toUpperCase())
    })
  })
export type OrganisationFile = z.infer<typeof organisationFile>

/** A role without a scope is held at the whole site. */
const splitRole = (role: string, site: string): { role: string; scope: string } => {
  const [name = '', scope = site] = role.split('@')
  return { role: name, scope }
}

/**
 * Brings people, roles, areas and vouched accounts of a site to what the file says. People who left the file become inactive; links made in another way
 * (directory, code) stay. Counts the site's revision up, so that every replica reads it anew.
 */
export const importOrganisation = async (tx: Tx, file: OrganisationFile, at: Date): Promise<void> => {
  const { site } = file
  const settings = JSON.stringify(siteSettings.parse(site))
  await tx
    .insertInto('site')
    .values({ id: site.id, name: site.name, time_zone: site.timeZone, settings })
    .onConflict((row) =>
      row.column('id').doUpdateSet({ name: site.name, time_zone: site.timeZone, settings, revision: sql`site.revision + 1` }),
    )
    .execute()
  await tx.deleteFrom('area').where('site', '=', site.id).execute()
  await tx.deleteFrom('role_holder').where('site', '=', site.id).execute()
  const before = await tx.selectFrom('person').select('id').where('site', '=', site.id).where('active', '=', true).execute()
  await tx.updateTable('person').set({ active: false }).where('site', '=', site.id).execute()
  if (file.areas.length > 0)
    await tx
      .insertInto('area')
      .values(file.areas.map((area) => areaRow(site.id, area, file.equipment)))
      .execute()
  for (const person of file.people) await importPerson(tx, site.id, person)
  const roles = file.people.flatMap((person) =>
    person.roles.map((role) => ({ site: site.id, ...splitRole(role, site.id), person: person.id })),
  )
  if (roles.length > 0) await tx.insertInto('role_holder').values(roles).execute()
  await importAccounts(tx, file, at)
  const there = new Set(file.people.map(({ id }) => id))
  await callForLeavers(
    tx,
    site.id,
    before.map(({ id }) => id).filter((id) => !there.has(id)),
    at,
  )
}

/** Whoever left the file leaves their open cases behind: the outbox finds them and tells each workflow. */
const callForLeavers = async (tx: Tx, site: string, people: readonly string[], at: Date): Promise<void> => {
  const nobody = { person: null, connection: null, account: null, conversation: null, lease_owner: null }
  const rows = people.map((person) => ({
    ...{ ...nobody, site, id: newId('eff', at), subject: '', revision: 0, kind: 'leaver', urgent: true },
    ...{ payload: JSON.stringify({ person }), due_at: at, created_at: at },
  }))
  if (rows.length > 0) await tx.insertInto('effect').values(rows).execute()
}

const areaRow = (site: string, area: OrganisationFile['areas'][number], equipment: OrganisationFile['equipment']) => ({
  site,
  id: area.id,
  name: area.name,
  aliases: JSON.stringify(area.aliases),
  owner: area.owner ?? null,
  team: area.team,
  lat: area.center?.lat ?? null,
  lng: area.center?.lng ?? null,
  radius_metres: area.radiusMetres ?? null,
  equipment: JSON.stringify(equipment.filter((one) => one.area === area.id).map(({ id, name }) => ({ id, name }))),
})

const importPerson = async (tx: Tx, site: string, person: OrganisationFile['people'][number]): Promise<void> => {
  const row = {
    name: person.name,
    job: person.job,
    team: person.team,
    company: person.company,
    employee_no: person.employeeNo ?? null,
    mobile: person.mobile ?? null,
    active: true,
  }
  await tx
    .insertInto('person')
    .values({ site, id: person.id, ...row })
    .onConflict((conflict) => conflict.columns(['site', 'id']).doUpdateSet(row))
    .execute()
}

const importAccounts = async (tx: Tx, file: OrganisationFile, at: Date): Promise<void> => {
  const accounts = file.people.flatMap((person) =>
    person.accounts.map((account) => ({ ...account, person: person.id, name: person.name })),
  )
  for (const { connection, account, person, name } of accounts) {
    const link = { site: file.site.id, person, name, proof: 'organisation-file', linked_at: at }
    await tx
      .insertInto('account')
      .values({ connection, account, ...link })
      .onConflict((conflict) => conflict.columns(['connection', 'account']).doUpdateSet({ ...link, state: 'active' }))
      .execute()
  }
}
