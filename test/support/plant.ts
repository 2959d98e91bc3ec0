import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scratch } from './scratch.ts'

const platforms = ['feishu', 'dingtalk', 'wecom'] as const
export type PlatformName = (typeof platforms)[number]

type Account = { connection: string; account: string }
type Person = { id: string; phone: string; accounts: Account[]; roles: string[]; [more: string]: unknown }
type DirectoryOnly = { id: string; platform: string; account: string; [more: string]: unknown }
export type Plant = { people: Person[]; directoryOnly: DirectoryOnly[]; [more: string]: unknown }

const shift = (name: string, by: number): PlatformName =>
  platforms[(platforms.indexOf(name as PlatformName) + by) % platforms.length] as PlatformName

const accountOn = (platform: PlatformName, seed: string): string => {
  if (platform === 'feishu') return `ou_${createHash('sha256').update(`${platform}${seed}`).digest('hex').slice(0, 32)}`
  return platform === 'dingtalk' ? seed.replaceAll('-', '_') : seed.replaceAll(/[-_]/g, '')
}

/**
 * People of the demo who came later than the cast of the stories: with them the lots of verifiers fall wider and a manager of human resources is asked.
 * Stories name everybody who may be asked, so these stay away; the tour is played with the whole plant.
 */
const laterPeople: ReadonlySet<string> = new Set(['gao-lan', 'ma-jun', 'luo-min', 'xie-fang', 'peng-hui', 'cao-yan'])

/** The demo plant of the stories with everybody moved to another platform, so that each role is played on each: 0 as in the file, 1 and 2 shifted. */
export const shiftedPlant = (by: number, change: (plant: Plant) => Plant = (plant) => plant): string => {
  const plant = JSON.parse(readFileSync(fileURLToPath(new URL('../../demo/plant.json', import.meta.url)), 'utf8')) as Plant
  const cast = plant.people.filter(({ id }) => !laterPeople.has(id))
  const people = cast.map((person) => ({
    ...person,
    phone: shift(person.phone, by),
    accounts: person.accounts.map(({ connection, account }) => {
      const platform = shift(connection.replace('-demo', ''), by)
      return { connection: `${platform}-demo`, account: by === 0 ? account : accountOn(platform, person.id) }
    }),
  }))
  const directoryOnly = plant.directoryOnly.map((one) => {
    const platform = shift(one.platform, by)
    return { ...one, platform, account: by === 0 ? one.account : accountOn(platform, `${one.id}-extra`) }
  })
  const path = join(scratch('andon-plant-'), 'plant.json')
  writeFileSync(path, JSON.stringify(change({ ...plant, people, directoryOnly })))
  return path
}
