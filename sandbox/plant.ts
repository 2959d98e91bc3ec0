/** Reads the demo plant: people, their accounts on each platform, areas and equipment. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { App, SandboxAccount, SandboxPerson } from './contract.ts'

const vendor = z.enum(['feishu', 'dingtalk', 'wecom'])
const optionalText = z.string().nullish()

const personRow = z.object({
  id: z.string(),
  name: z.string(),
  job: z.string(),
  team: z.string(),
  company: z.string(),
  mobile: optionalText,
  employeeNo: optionalText,
  phone: vendor,
  accounts: z.array(z.object({ connection: z.string(), account: z.string() })),
})

/** Known to a platform's directory, not (or not under this account) to the service. */
const directoryRow = z.object({
  id: z.string(),
  name: z.string(),
  job: z.string().optional(),
  team: z.string().optional(),
  company: z.string().optional(),
  platform: vendor,
  account: z.string(),
  mobile: optionalText,
  employeeNo: optionalText,
})

const areaRow = z.object({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()).default([]),
  center: z.object({ lat: z.number(), lng: z.number() }),
})

const plantFile = z.object({
  site: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
  areas: z.array(areaRow),
  equipment: z.array(z.object({ id: z.string(), name: z.string(), area: z.string(), qr: z.string() })),
  people: z.array(personRow),
  directoryOnly: z.array(directoryRow).default([]),
})

type PersonRow = z.infer<typeof personRow>
type DirectoryRow = z.infer<typeof directoryRow>

export type Area = z.infer<typeof areaRow>
export type Plant = {
  readonly site: { readonly id: string; readonly name: string; readonly timeZone: string }
  readonly areas: readonly Area[]
  readonly equipment: readonly { readonly id: string; readonly name: string; readonly area: string; readonly qr: string }[]
  readonly people: readonly SandboxPerson[]
}

const accountsOf = (row: PersonRow, extra: readonly DirectoryRow[], apps: readonly App[]): SandboxAccount[] => {
  const facts = { person: row.id, name: row.name, mobile: row.mobile ?? null, employeeNo: row.employeeNo ?? null }
  const known = row.accounts.map(({ connection, account }) => {
    const app = apps.find(({ id }) => id === connection)
    if (!app) throw new Error(`${row.id} has an account on connection "${connection}", which the connections file does not name.`)
    return { ...facts, platform: app.platform, account }
  })
  return [...known, ...extra.filter(({ id }) => id === row.id).map((entry) => directoryAccount(entry))]
}

const directoryAccount = ({ id, platform, account, name, mobile, employeeNo }: DirectoryRow): SandboxAccount => ({
  person: id,
  platform,
  account,
  name,
  mobile: mobile ?? null,
  employeeNo: employeeNo ?? null,
})

const stranger = (row: DirectoryRow): SandboxPerson => ({
  id: row.id,
  name: row.name,
  role: row.job ?? '',
  team: row.team ?? '',
  company: row.company ?? '',
  platform: row.platform,
  accounts: [directoryAccount(row)],
})

/** Throws with the place in the file when it is not a plant, or names a connection that does not exist. */
export const readPlant = (path: string, apps: readonly App[]): Plant => {
  const file = plantFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  const people = file.people.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.job,
    team: row.team,
    company: row.company,
    platform: row.phone,
    accounts: accountsOf(row, file.directoryOnly, apps),
  }))
  const strangers = file.directoryOnly.filter(({ id }) => !people.some((person) => person.id === id)).map(stranger)
  return { site: file.site, areas: file.areas, equipment: file.equipment, people: [...people, ...strangers] }
}

/** The area that an id, name or alias means; null when none does. */
export const findArea = (plant: Plant, place: string): Area | null =>
  plant.areas.find(({ id, name, aliases }) => id === place || name === place || aliases.includes(place)) ?? null
