import { later, minutes } from '../../lib/clock.ts'
import { clip } from '../../lib/text.ts'
import type { OpenPermit } from '../../workflows/permit/rows.ts'
import type { FoundRow, Plant, Reads } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { permitText } from '../text/permit.ts'
import { boardText as text } from '../text/permit-lists.ts'
import { fill, spokenTime } from '../words.ts'

type Asked = Reads & { readonly site: string; readonly at: Date; readonly plant: Plant }
type Light = keyof typeof text.lights

/** Works on one card, those that want somebody first; and rows that are read. */
const mostLines = 15
const mostRows = 500
/** So long before its end a work turns yellow. */
const endsSoon = minutes(30)

/** A row whose note cannot be read is a work all the same: it stands among those that want somebody. */
const readRow = ({ note }: FoundRow): OpenPermit | null => {
  try {
    const read: unknown = JSON.parse(note)
    return typeof read === 'object' && read !== null && 'status' in read && 'code' in read ? (read as OpenPermit) : null
  } catch {
    return null
  }
}

const red: ReadonlySet<OpenPermit['status']> = new Set(['suspended', 'expired', 'revoked'])

/** Fails to red: what is over and not closed, or cannot be read, wants somebody. */
export const lightOf = (permit: OpenPermit | null, at: Date): Light => {
  if (!permit || red.has(permit.status) || !(new Date(permit.to).getTime() > at.getTime())) return 'red'
  const goesOn = permit.status === 'active' && new Date(permit.to).getTime() > later(at, endsSoon).getTime()
  return goesOn ? 'green' : 'yellow'
}

const lineOf = (permit: OpenPermit, light: Light, { at, plant }: Asked): string =>
  fill(text.line, {
    light: text.lights[light],
    name: permitText.works[permit.work],
    area: plant.areas.find(({ id }) => id === permit.area)?.name ?? permit.area,
    point: clip(permit.point, 30),
    status: permitText.status[permit.status],
    to: spokenTime(permit.to, at, plant.timeZone),
    leader: plant.persons.get(permit.leader)?.name ?? permit.leader,
  })

const order: readonly Light[] = ['red', 'yellow', 'green']

const answer = (asked: Asked): Card => {
  const found = asked.read({ name: 'permit-open', key: asked.site, most: mostRows }).map(readRow)
  const lit = found
    .map((permit) => ({ permit, light: lightOf(permit, asked.at) }))
    .sort((a, b) => order.indexOf(a.light) - order.indexOf(b.light))
  const count = (light: Light): string => String(lit.filter((one) => one.light === light).length)
  const lines = lit.slice(0, mostLines).map(({ permit, light }) => (permit ? lineOf(permit, light, asked) : text.unreadable))
  const rest = lit.length - lines.length
  const [worst] = lit
  return {
    tone: worst ? ({ red: 'danger', yellow: 'warning', green: 'success' } as const)[worst.light] : 'neutral',
    title: text.title,
    subtitle: '',
    facts: order.map((light) => ({ label: text.facts[light], value: fill(text.count, { count: count(light) }) })),
    body: [...(lines.length > 0 ? lines : [text.none]), ...(rest > 0 ? [fill(text.more, { count: String(rest) })] : [])].join(
      '\n',
    ),
    pictures: [],
    form: [],
    actions: [],
    summary: fill(text.summary, { red: count('red'), yellow: count('yellow'), green: count('green') }),
    page: null,
    note: text.note,
  }
}

/** 作业看板: what is issued, goes on or stands still at the site, by colour. */
export const permitListQuestion = {
  name: 'permit-list',
  spoken: /^(作业|作业票|特殊作业)(看板|面板|清单)[?？。]?$/,
  answer,
} as const
