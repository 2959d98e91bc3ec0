/**
 * What a detector may be set to. `lel` in vol%: where the value falls decides the limit of 5.3.2 and turns %LEL into vol%. `limits` are those of GBZ 2.1 in
 * mg/m3: a ceiling (MAC), a short-term (PC-STEL) and a time-weighted one (PC-TWA). `mass` is molar, in g/mol. A substance that is not here is refused: the
 * site adds it with the values of its safety data sheet.
 */
export type Substance = {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly lel: number | null
  readonly mass: number
  readonly limits: ExposureLimits | null
  readonly source: string
}
export type ExposureLimits = { readonly ceiling?: number; readonly shortTerm?: number; readonly average?: number }

/** Common knowledge of the trade: compared with NIOSH Pocket Guide to Chemical Hazards (LEL); the rest with NFPA 497. To be checked against the site's own SDS. */
const niosh = 'LEL：NIOSH Pocket Guide to Chemical Hazards，与现场 SDS 核对'
const nfpa = 'LEL：NFPA 497，与现场 SDS 核对'
/** Time-weighted limits are used where there is neither a ceiling nor a short-term one. Benzene by amendment 1 (2022), which is stricter than the text of 2019. */
const gbz = 'GBZ 2.1-2019 表1'

type Row = readonly [
  id: string,
  name: string,
  aliases: string,
  lel: number | null,
  mass: number,
  source: string,
  limits?: ExposureLimits,
]

const rows: readonly Row[] = [
  ['methane', '甲烷', 'CH4 天然气', 5, 16.04, nfpa],
  ['hydrogen', '氢气', 'H2 氢', 4, 2.016, nfpa],
  ['propane', '丙烷', 'C3H8', 2.1, 44.1, niosh],
  ['petrol', '汽油', '汽油蒸气', 1.4, 72, niosh],
  ['ethane', '乙烷', 'C2H6', 3, 30.07, nfpa],
  ['butane', '正丁烷', '丁烷 C4H10', 1.6, 58.12, niosh],
  ['isobutane', '异丁烷', '', 1.8, 58.12, nfpa],
  ['pentane', '正戊烷', '戊烷', 1.5, 72.15, niosh],
  ['hexane', '正己烷', '己烷', 1.1, 86.18, niosh],
  ['heptane', '正庚烷', '庚烷', 1.05, 100.2, niosh],
  ['cyclohexane', '环己烷', '', 1.3, 84.16, niosh],
  ['ethylene', '乙烯', 'C2H4', 2.7, 28.05, nfpa],
  ['propylene', '丙烯', 'C3H6', 2, 42.08, nfpa],
  ['butadiene', '1,3-丁二烯', '丁二烯', 2, 54.09, niosh],
  ['acetylene', '乙炔', 'C2H2', 2.5, 26.04, niosh],
  ['styrene', '苯乙烯', '', 0.9, 104.15, niosh, { shortTerm: 100, average: 50 }],
  ['ethylbenzene', '乙苯', '', 0.8, 106.17, niosh, { shortTerm: 150, average: 100 }],
  ['acetone', '丙酮', '', 2.5, 58.08, niosh, { shortTerm: 450, average: 300 }],
  ['butanone', '丁酮', '甲乙酮 MEK', 1.4, 72.11, niosh, { shortTerm: 600, average: 300 }],
  ['ethanol', '乙醇', '酒精', 3.3, 46.07, niosh],
  ['isopropanol', '异丙醇', 'IPA', 2, 60.1, niosh, { shortTerm: 700, average: 350 }],
  ['ethylAcetate', '乙酸乙酯', '', 2, 88.11, niosh, { shortTerm: 300, average: 200 }],
  ['ethylEther', '乙醚', '', 1.9, 74.12, niosh, { shortTerm: 500, average: 300 }],
  ['ethyleneOxide', '环氧乙烷', '', 3, 44.05, niosh, { average: 2 }],
  ['propyleneOxide', '环氧丙烷', '', 2.3, 58.08, niosh, { average: 5 }],
  ['acetaldehyde', '乙醛', '', 4, 44.05, niosh, { ceiling: 45 }],
  ['vinylChloride', '氯乙烯', '', 3.6, 62.5, niosh, { average: 10 }],
  ['acrylonitrile', '丙烯腈', '', 3, 53.06, niosh, { shortTerm: 2, average: 1 }],
  ['carbonDisulfide', '二硫化碳', 'CS2', 1.3, 76.14, niosh, { shortTerm: 10, average: 5 }],
  ['methanol', '甲醇', 'CH3OH', 6, 32.04, niosh, { shortTerm: 50, average: 25 }],
  ['benzene', '苯', 'C6H6', 1.2, 78.11, niosh, { shortTerm: 6, average: 3 }],
  ['toluene', '甲苯', 'C7H8', 1.1, 92.14, niosh, { shortTerm: 100, average: 50 }],
  ['xylene', '二甲苯', 'C8H10', 0.9, 106.17, niosh, { shortTerm: 100, average: 50 }],
  ['hydrogenSulfide', '硫化氢', 'H2S', 4, 34.08, niosh, { ceiling: 10 }],
  ['carbonMonoxide', '一氧化碳', 'CO', 12.5, 28.01, niosh, { shortTerm: 30, average: 20 }],
  ['ammonia', '氨', 'NH3 氨气', 15, 17.03, niosh, { shortTerm: 30, average: 20 }],
  ['hydrogenCyanide', '氰化氢', 'HCN', 5.6, 27.03, niosh, { ceiling: 1 }],
  ['kerosene', '煤油', '', 0.7, 170, niosh],
  ['diesel', '柴油', '柴油蒸气', 0.6, 200, nfpa],
  ['chlorine', '氯气', 'Cl2 氯', null, 70.91, gbz, { ceiling: 1 }],
  ['sulfurDioxide', '二氧化硫', 'SO2', null, 64.06, gbz, { shortTerm: 10, average: 5 }],
  ['nitrogenDioxide', '二氧化氮', 'NO2', null, 46.01, gbz, { shortTerm: 10, average: 5 }],
  ['hydrogenChloride', '氯化氢', 'HCl', null, 36.46, gbz, { ceiling: 7.5 }],
  ['hydrogenFluoride', '氟化氢', 'HF', null, 20.01, gbz, { ceiling: 2 }],
  ['phosgene', '光气', 'COCl2', null, 98.92, gbz, { ceiling: 0.5 }],
  ['carbonDioxide', '二氧化碳', 'CO2', null, 44.01, gbz, { shortTerm: 18_000, average: 9000 }],
  ['oxygen', '氧气', 'O2 氧', null, 32, '—'],
]

export const substances: readonly Substance[] = rows.map(([id, name, aliases, lel, mass, source, limits]) => ({
  id,
  name,
  aliases: aliases.split(' ').filter((alias) => alias !== ''),
  lel,
  mass,
  source: limits && source !== gbz ? `${source}；${gbz}` : source,
  limits: limits ?? null,
}))

const byWord = new Map(
  substances.flatMap((one) => [one.id, one.name, ...one.aliases].map((word) => [word.toLowerCase(), one] as const)),
)

/** The substance by id, name or a usual short name; null when it is not known, and then no sample of it is judged. */
export const substanceOf = (word: string): Substance | null => byWord.get(word.trim().normalize('NFKC').toLowerCase()) ?? null

/** The limit that a spot sample is held to: the ceiling or short-term limit, else the time-weighted one (GB 46768-2025 5.9.1 c; GBZ 2.1). */
export const exposureLimit = ({
  limits,
}: Substance): { readonly most: number; readonly kind: 'MAC' | 'PC-STEL' | 'PC-TWA' } | null => {
  if (limits?.ceiling !== undefined) return { most: limits.ceiling, kind: 'MAC' }
  if (limits?.shortTerm !== undefined) return { most: limits.shortTerm, kind: 'PC-STEL' }
  return limits?.average !== undefined ? { most: limits.average, kind: 'PC-TWA' } : null
}

export type GasUnit = 'vol%' | 'LEL%' | 'mg/m3' | 'ppm'

/** Litres of a mole at 20 °C and 101.3 kPa, to which GBZ 2.1 refers its volumes. */
const molarVolume = 24.04

/** Nine decimals: what a conversion loses must not move a value over its limit, and no instrument shows more. */
const tidy = (value: number): number => Math.round(value * 1e9) / 1e9

/** What one ppm is in each unit; null where the substance has no such measure. */
const perPpm: Readonly<Record<GasUnit, (substance: Substance) => number | null>> = {
  ppm: () => 1,
  'vol%': () => 1 / 10_000,
  'LEL%': ({ lel }) => (lel === null ? null : 1 / (lel * 100)),
  'mg/m3': ({ mass }) => mass / molarVolume,
}

/** A value in another unit, by the substance's own LEL and molar mass; null for no number, and for %LEL of what does not burn. The same unit is left as it is. */
export const convert = (
  value: number,
  units: { readonly from: GasUnit; readonly to: GasUnit },
  substance: Substance,
): number | null => {
  const from = perPpm[units.from](substance)
  const to = perPpm[units.to](substance)
  if (!Number.isFinite(value) || from === null || to === null) return null
  return units.from === units.to ? value : tidy((value / from) * to)
}
