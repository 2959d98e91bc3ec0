import type { PressResult } from '../../sandbox/contract.ts'
import type { Fleet } from './fleet.ts'

/** What people did, as they know it themselves. */
export type Reported = { readonly token: string; readonly person: string }
export type Taken = { readonly token: string; readonly person: string }
export type Deeds = {
  readonly reports: Reported[]
  /** Presses whose answer showed the case as taken. */
  readonly taken: Taken[]
  presses: number
  /** Tokens of reports that some replica has acknowledged to the platform. */
  readonly acknowledged: Set<string>
}

export const noDeeds = (): Deeds => ({ reports: [], taken: [], presses: 0, acknowledged: new Set() })

export type Draw = {
  readonly below: (count: number) => number
  readonly of: <T>(list: readonly [T, ...T[]]) => T
  readonly between: (least: number, most: number) => number
}

export const createDraw = (random: () => number): Draw => ({
  below: (count) => Math.floor(random() * count),
  of: (list) => list[Math.floor(random() * list.length)] ?? list[0],
  between: (least, most) => least + random() * (most - least),
})

const reporters = ['zhang-wei', 'wu-gang', 'zheng-hao', 'feng-xue', 'han-bing', 'sun-li', 'zhou-jie', 'liu-yang'] as const
const pressers = ['li-na', 'jiang-tao', 'yang-guang', 'xu-lei', 'qian-feng', 'wang-qiang', 'chen-jing'] as const
const places = ['3号泵房', 'A罐区', '二车间', '变电所'] as const
/** Of many kinds, so that few are the third of a kind at one place: a repeated hazard is graded up, and calls more people than chaos needs. */
const troubles = [
  ...(['漏油', '护栏松动', '安全出口堵塞', '冒烟', '地面积水', '灯具接地不良'] as const),
  ...(['灭火器过期', '盖板松动', '吊钩变形', '压力表失灵', '皮带跑偏', '报警器不响'] as const),
] as const

/** The mark of one report in whatever it became; fenced, so that no mark is a part of another. */
const tokenIn = (text: string): string | null => /\[K\d+\]/.exec(text)?.[0] ?? null

export const report = async (fleet: Fleet, draw: Draw, deeds: Deeds): Promise<void> => {
  const token = `[K${deeds.reports.length + 1}]`
  const person = draw.of(reporters)
  deeds.reports.push({ token, person })
  await fleet.says(person, `${draw.of(places)}${draw.of(troubles)}${token}`)
}

const showsTaken = ({ card }: PressResult): boolean =>
  card?.facts.some(([name, value]) => name === '状态' && value === '已接单') ?? false

/** Somebody presses 接单 on one of the cards that offer it; who is told that it did not work, presses again one day. */
export const press = async (fleet: Fleet, draw: Draw, deeds: Deeds): Promise<void> => {
  const person = draw.of(pressers)
  const chosen = draw.between(0, 1)
  const cards = (await fleet.sees(person)).filter(({ actions, recalled }) => actions.includes('接单') && !recalled)
  const card = cards[Math.floor(chosen * cards.length)]
  if (!card) return
  deeds.presses += 1
  const result = await fleet.presses(person, card.id, '接单')
  const token = result.card && showsTaken(result) ? tokenIn(result.card.text) : null
  if (token !== null) deeds.taken.push({ token, person })
}

type Line = { readonly id: number; readonly direction: string; readonly status: number | null; readonly request: string }

/** Reads on in the platforms' log, and notes which reports were acknowledged. */
export const createListener = (fleet: Fleet, deeds: Deeds): (() => Promise<void>) => {
  let last = 0
  return async () => {
    const lines = await fleet.get<Line[]>(`/log?since=${last}&most=10000`)
    last = lines.at(-1)?.id ?? last
    for (const { direction, status, request } of lines) {
      if (direction !== 'to-service' || status !== 200) continue
      const token = tokenIn(request)
      if (token !== null) deeds.acknowledged.add(token)
    }
  }
}
