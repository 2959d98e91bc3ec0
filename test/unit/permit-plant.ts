import { sha256 } from '../../src/lib/crypto.ts'
import type { WeatherObservation } from '../../src/rules/permits/weather.ts'
import type { FoundRow, HeldCertificate, Plant, PlantPerson } from '../../src/workflows/workflow.ts'

/** Id, team, roles as `role@scope` of those who have to do with permits at a small plant. The site is SH01. */
const people: readonly (readonly [string, string, readonly string[]])[] = [
  ['chen', 'mech', ['teamLead@mech']],
  ['wang', 'mech', []],
  ['welder', 'mech', []],
  ['fitter', 'mech', []],
  ['guard', 'yard', []],
  ['guard2', 'yard', []],
  ['bystander', 'yard', []],
  ['areaOwner', 'prod', []],
  ['prodLead', 'prod', ['teamLead@prod']],
  ['officerA', 'ehs', ['safetyOfficer@SH01']],
  ['officerB', 'ehs', ['safetyOfficer@SH01']],
  ['safetyDirector', 'ehs', ['safetyDirector@SH01']],
  ['head', 'equipment', ['deptHead@SH01']],
  ['director', 'board', ['productionDirector@SH01']],
  ['principal', 'board', ['principal@SH01']],
  ['electrician', 'power', ['powerUnit@SH01']],
  ['analyst', 'lab', ['gasAnalyst@SH01']],
  ['admin', 'it', ['administrator@SH01']],
]

const trades = [
  ...['welding.fusion', 'electric.low', 'electric.high', 'electric.explosionProof', 'height.install', 'height.scaffold'],
  ...['lifting.crane', 'lifting.signaller', 'lifting.rigger', 'training.attendant', 'training.confinedSpace'],
  ...['training.blindPlate', 'training.excavation', 'training.roadClosure'],
] as const

/** A certificate that counts through 2026, with what the case at hand changes in it. */
export const certificate = (trade: string, change: Partial<HeldCertificate> = {}): HeldCertificate => ({
  ...{ id: `crt-${trade}`, trade, issuedOn: '2025-01-10', validUntil: '2030-12-31', reviewDue: '2027-12-31', reviewedOn: null },
  ...{ suspended: false, lastPractisedOn: '2026-08-01', health: { fit: true, until: '2027-06-30' } },
  ...{ number: 'T***1234', authority: '应急管理局' },
  ...change,
})
/** Everything that anybody may need. */
export const allTrades: readonly HeldCertificate[] = trades.map((trade) => certificate(trade))

export type PlantWish = Partial<Pick<Plant, 'profile' | 'overlay' | 'timeZone'>> & {
  readonly unreachable?: readonly string[]
  readonly inactive?: readonly string[]
  /** Roles held besides, as `[person, role@scope]`. */
  readonly also?: readonly (readonly [string, string])[]
  readonly vacant?: readonly string[]
  /** Certificates of these people instead of all there are. */
  readonly held?: Readonly<Record<string, readonly HeldCertificate[]>>
}

/** The middle of the area of the work; 0.001 degrees of latitude are 111.2 m. */
export const middle = { lat: 30.7203, lng: 121.3301 }
export const north = (metres: number): { readonly lat: number; readonly lng: number } => ({
  lat: middle.lat + metres / 111_195.08,
  lng: middle.lng,
})

/** The plant of the permits, with what the case at hand changes in it. */
export const permitPlant = (wish: PlantWish = {}): Plant => {
  const { unreachable = [], inactive = [], also = [], vacant = [], held = {}, ...rest } = wish
  const persons = new Map<string, PlantPerson>(
    people.map(([id, team]) => [id, { id, name: `名${id}`, team, company: '滨海化工', active: !inactive.includes(id) }]),
  )
  const roles = [...people.flatMap(([id, , names]) => names.map((role) => [id, role] as const)), ...also]
  const reachable = (id: string): boolean => persons.get(id)?.active === true && !unreachable.includes(id)
  return {
    site: 'SH01',
    name: '滨海化工上海厂',
    timeZone: 'Asia/Shanghai',
    profile: 'hazchem',
    ...rest,
    persons,
    areas: [
      { id: 'pump-3', name: '3号泵房', aliases: ['泵房'], owner: 'areaOwner', team: 'prod', center: middle, radiusMetres: 60 },
      { id: 'yard', name: '厂区道路', aliases: [], owner: null, team: 'yard', center: north(2000), radiusMetres: 500 },
    ],
    holders: (role, scope) =>
      roles
        .filter(([, name]) => name === `${role}@${scope}` && !vacant.includes(name))
        .map(([id]) => id)
        .sort(),
    reachable,
    membersOf: (team) => [...persons.values()].filter((one) => one.team === team && reachable(one.id)).map(({ id }) => id),
    personOf: () => null,
    findPerson: () => [],
    certificates: (id) => held[id] ?? allTrades,
  }
}

/** A PIN that everybody of these tests has set. */
export const pin = '246813'
/** The desk's own secret hashes it, as the installation's does. */
const pinRow = (person: string): FoundRow => ({
  ...{ subject: `pin_${person}`, name: 'pin', key: person, at: '2026-01-01T00:00:00.000Z', weight: 1 },
  note: JSON.stringify({ hash: sha256(`the secret of this desk\npin\nSH01\n${person}\n${pin}`), until: null }),
})
export const pinRows = ({ persons }: Pick<Plant, 'persons'>): readonly FoundRow[] => [...persons.keys()].map(pinRow)

export const calm: Omit<WeatherObservation, 'at'> = {
  windForce: 2,
  fog: false,
  heavySnow: false,
  rainstorm: false,
  thunder: false,
}
/** What the weather feed brought last. */
export const weatherRow = (at: Date, seen: Omit<WeatherObservation, 'at'> = calm): FoundRow => ({
  ...{ subject: 'wth_SH01', name: 'weather', key: 'SH01', at: at.toISOString(), weight: 1 },
  note: JSON.stringify({ at: at.toISOString(), ...seen }),
})
