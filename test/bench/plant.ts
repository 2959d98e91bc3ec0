/**
 * A large plant for the bench: crews of twenty on each platform, each with a lead on another platform, beside the people of the demo plant. Every message of a round
 * comes from another person, because two messages of one person within a minute are one report.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

export const platforms = ['feishu', 'dingtalk', 'wecom'] as const
export type PlatformName = (typeof platforms)[number]

/** Where the lead of a crew of this platform is reached. */
export const leadOn: Readonly<Record<PlatformName, PlatformName>> = { feishu: 'dingtalk', dingtalk: 'wecom', wecom: 'feishu' }

export const crewSize = 20
const demo = (file: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../demo/${file}`, import.meta.url)), 'utf8'))

/** The account of the bench's worker or lead number `n`. */
export const accountOf = (platform: PlatformName, what: 'worker' | 'lead', n: number): string =>
  platform === 'feishu'
    ? `ou_${createHash('sha256').update(`${what} ${n}`).digest('hex').slice(0, 32)}`
    : `${what}${String(n).padStart(6, '0')}`

const connectionFile = z.array(z.looseObject({ id: z.string(), platform: z.enum(platforms) }))
export type Credentials = Readonly<Record<string, string>>

/** The credentials of the sandbox's apps, by platform. */
export const credentials: Readonly<Record<PlatformName, Credentials>> = Object.fromEntries(
  connectionFile
    .parse(demo('connections.json'))
    .map((one) => [one.platform, Object.fromEntries(Object.entries(one).map(([name, value]) => [name, String(value)]))]),
) as Record<PlatformName, Credentials>

const plantFile = z.looseObject({ site: z.looseObject({}), areas: z.array(z.unknown()), people: z.array(z.looseObject({})) })

const crewsOf = (platform: PlatformName, people: number): readonly object[] =>
  Array.from({ length: Math.ceil(people / crewSize) }, (_, crew) => {
    const team = `${platform}-${crew}`
    const connection = (on: PlatformName): string => credentials[on].id ?? ''
    const on = leadOn[platform]
    const lead = {
      ...{ id: `lead-${team}`, name: `班长${crew}`, job: '班长', team, company: '滨海化工', roles: [`teamLead@${team}`] },
      accounts: [{ connection: connection(on), account: accountOf(on, 'lead', crew) }],
    }
    const workers = Array.from({ length: crewSize }, (_, index) => {
      const n = crew * crewSize + index
      return {
        ...{ id: `worker-${platform}-${n}`, name: `工人${n}`, job: '操作工', team, company: '滨海化工', roles: ['worker'] },
        accounts: [{ connection: connection(platform), account: accountOf(platform, 'worker', n) }],
      }
    })
    return [lead, ...workers]
  }).flat()

/** Writes the organisation file of a plant with so many workers on each platform; gives its path. */
export const writePlant = (folder: string, workersPerPlatform: number): string => {
  const plant = plantFile.parse(demo('plant.json'))
  const crews = platforms.flatMap((platform) => crewsOf(platform, workersPerPlatform))
  const path = join(folder, 'plant.json')
  writeFileSync(path, JSON.stringify({ ...plant, people: [...plant.people, ...crews] }))
  return path
}
