import type { Handle } from '../db/database.ts'
import type { AccountRef, Plant, PlantArea, PlantEquipment, PlantPerson } from '../workflows/workflow.ts'
import { readCertificates } from './certificates.ts'
import type { SiteSettings } from './site-settings.ts'

export type LinkedAccount = AccountRef & { readonly state: string }

/** A site as read at one revision: the pure snapshot for decisions, and who stands behind which account. */
export type LoadedPlant = {
  readonly revision: number
  readonly plant: Plant
  /** Linked accounts of a person, usable ones first. */
  readonly accountsOf: (person: string) => readonly LinkedAccount[]
  readonly personOf: (account: AccountRef) => PlantPerson | null
}

const roleKey = (role: string, scope: string): string => `${role}@${scope}`
const accountKey = ({ connection, account }: AccountRef): string => `${connection}\n${account}`

const groupBy = <T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

type Rows = {
  readonly persons: readonly (PlantPerson & { readonly mobile: string | null; readonly employee_no: string | null })[]
  readonly roles: ReadonlyMap<string, readonly { readonly person: string }[]>
  readonly accounts: readonly (LinkedAccount & { readonly person: string })[]
}

const readRows = async (handle: Handle, site: string): Promise<Rows> => {
  const persons = await handle.selectFrom('person').selectAll().where('site', '=', site).orderBy('id').execute()
  const roles = await handle.selectFrom('role_holder').selectAll().where('site', '=', site).orderBy('person').execute()
  const accounts = await handle
    .selectFrom('account')
    .select(['connection', 'account', 'person', 'state'])
    .where('site', '=', site)
    .where('person', 'is not', null)
    .orderBy('connection')
    .orderBy('account')
    .execute()
  return {
    persons,
    roles: groupBy(roles, ({ role, scope }) => roleKey(role, scope)),
    accounts: accounts.flatMap((row) => (row.person === null ? [] : [{ ...row, person: row.person }])),
  }
}

const readAreas = async (handle: Handle, site: string): Promise<readonly PlantArea[]> => {
  const rows = await handle.selectFrom('area').selectAll().where('site', '=', site).orderBy('id').execute()
  return rows.map(({ id, name, aliases, owner, team, equipment, lat, lng, radius_metres }) => ({
    ...{ id, name, aliases: JSON.parse(aliases) as string[], owner, team, equipment: JSON.parse(equipment) as PlantEquipment[] },
    ...(lat === null || lng === null ? {} : { center: { lat, lng } }),
    ...(radius_metres === null ? {} : { radiusMetres: radius_metres }),
  }))
}

/** One consistent snapshot of a site; call it inside the transaction whose decisions use it. Throws when the site does not exist. */
export const loadPlant = async (handle: Handle, site: string): Promise<LoadedPlant> => {
  const row = await handle.selectFrom('site').selectAll().where('id', '=', site).executeTakeFirstOrThrow()
  const { persons, roles, accounts } = await readRows(handle, site)
  const areas = await readAreas(handle, site)
  const certificates = groupBy(await readCertificates(handle, site), ({ person }) => person)
  const byId = new Map(persons.map((person) => [person.id, person]))
  const byPerson = groupBy(accounts, ({ person }) => person)
  // Whoever has left acts for nobody any more; an account that only could not be delivered to is still its owner's.
  const byAccount = new Map(
    accounts.filter(({ state }) => state !== 'gone').map((account) => [accountKey(account), account.person]),
  )
  const usable = (person: string): readonly LinkedAccount[] =>
    (byPerson.get(person) ?? []).filter(({ state }) => state === 'active')
  const isReachable = (person: string): boolean => byId.get(person)?.active === true && usable(person).length > 0
  const teams = new Map<string, readonly string[]>()
  const members = (team: string): readonly string[] => {
    const known = teams.get(team)
    if (known) return known
    const found = persons.filter((person) => person.team === team && isReachable(person.id)).map(({ id }) => id)
    teams.set(team, found)
    return found
  }
  return {
    revision: Number(row.revision),
    plant: {
      site,
      name: row.name,
      timeZone: row.time_zone,
      ...(JSON.parse(row.settings) as SiteSettings),
      persons: byId,
      areas,
      holders: (role, scope) => roles.get(roleKey(role, scope))?.map(({ person }) => person) ?? [],
      reachable: isReachable,
      personOf: (account) => byAccount.get(accountKey(account)) ?? null,
      membersOf: (team) => members(team),
      findPerson: (by) =>
        persons
          .filter(
            (person) => person.active && ('mobile' in by ? person.mobile === by.mobile : person.employee_no === by.employeeNo),
          )
          .map(({ id }) => id),
      certificates: (person) => certificates.get(person) ?? [],
    },
    accountsOf: usable,
    personOf: (account) => {
      const person = byAccount.get(accountKey(account))
      return person === undefined ? null : (byId.get(person) ?? null)
    },
  }
}
