/** What people type into applications for permits in the tour and in stories: fields of the pages, as `q_…` the questions of the rule packs. */
export type Form = Readonly<Record<string, string>>

const no = (...questions: readonly string[]): Form => Object.fromEntries(questions.map((one) => [`q_${one}`, 'no']))

/** The answers of a level-1 hot work: welding in a hazardous place that is not isolated, on an open floor indoors. */
export const hotAnswers: Form = {
  q_welding: 'yes',
  q_riskPlace: 'yes',
  q_where: 'open',
  ...no(
    'runningPlant',
    'pressureTap',
    'majorHazardDike',
    'tankFarmDike',
    'pipeRack',
    'isolatedAndAgreed',
    'bigVessel',
    'outdoors',
  ),
  ...no('unavoidable', 'oxygenEquipment', 'gasMayBeReleased', 'leakProneWithin15m', 'dustPlace'),
}
/** The answers of an ordinary entry into a vessel that held what burns. */
export const spaceAnswers: Form = {
  q_heldFlammable: 'yes',
  ...no(
    'bigSpace',
    'oxygenRich',
    'oxygenAverse',
    'hotInside',
    'solvent',
    'desludging',
    'dust',
    'corrosive',
    'wetOrTight',
    'highRisk',
  ),
}
/** Power from 10 kV, for no other special work. */
export const highVoltage: Form = { q_volts: '10000', q_forWork: 'other', ...no('direct', 'riskArea') }

export const hotCrew: Form = { workLeader: '张伟', workers: '张伟', attendants: '吴刚', tools: '电焊机、角磨机' }
export const spaceCrew: Form = { workLeader: '李娜', workers: '张伟', attendants: '郑浩', tools: '手电、测厚仪', space: 'A01' }

/** One value at one point, taken with a calibrated instrument; the time of sampling is added where it is entered. */
const value = (kind: string, substance: string, reading: string, unit: string, point: string): Form => ({
  ...{ kind, substance, value: reading, unit, point },
  ...{ instrument: 'GD-07', calibrationDue: '2028-06-30' },
})
/** What a level-1 hot work on an open floor is sampled for. */
export const methane = value('combustible', '甲烷', '0', 'LEL%', 'around')
/** What a vessel is sampled for: oxygen, what is toxic, what burns. */
export const oxygen = value('oxygen', '氧', '20.9', 'vol%', 'inside')
export const sulfide = value('toxic', '硫化氢', '0', 'mg/m3', 'inside')
export const vapour = value('combustible', '甲烷', '0', 'LEL%', 'inside')

/** Everybody's PIN in the tour and in stories. */
export const pin = '280417'

/** `HH:MM` of the plant's day. */
export const timeOfDay = (now: number): string =>
  new Date(now).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })

/** `lat,lng,accuracy,ms`, as a phone's browser says where it stands. */
export const positionText = ({ lat, lng }: { readonly lat: number; readonly lng: number }, now: number): string =>
  [lat.toFixed(6), lng.toFixed(6), '5.0', now].join(',')

/** Some 600 m from every work point. */
export const office = { lat: 30.7251, lng: 121.3401 }
