import { expect } from 'vitest'
import {
  type Form,
  hotAnswers,
  methane,
  office,
  pin,
  positionText,
  spaceAnswers,
  timeOfDay,
} from '../../scripts/tour-permit-forms.ts'
import type { PermitDesk } from './permit-desk.ts'
import type { Actor, Stage } from './story.ts'

type Cast = Stage['people']

/** Names as the plant's file has them, by the part people play. */
const names = {
  welder: '张伟',
  teamLead: '李娜',
  operator: '吴刚',
  operator2: '郑浩',
  electrician: '冯雪',
  leadElectric: '徐磊',
} as const
export type Named = keyof typeof names

const clockOf = async ({ world }: Stage): Promise<number> => (await world.get<{ now: number }>('/clock')).now

/** Where somebody stands now, as a phone says it: in the middle of an area, or in the office, far from everything. */
export const positionAt = async (stage: Stage, area: string): Promise<string> => {
  const center = stage.world.sandbox.core.plant.areas.find(({ id }) => id === area)?.center
  return positionText(area === 'office' ? office : (center ?? { lat: Number.NaN, lng: Number.NaN }), await clockOf(stage))
}

export type Crew = { readonly leader: Named; readonly workers: readonly Named[]; readonly attendants: readonly Named[] }
const crewForm = ({ leader, workers, attendants }: Crew): Form => ({
  workLeader: names[leader],
  workers: workers.map((one) => names[one]).join('、'),
  attendants: attendants.map((one) => names[one]).join('、'),
})

export type Job = {
  readonly words: string
  readonly area: string
  readonly crew: Crew
  readonly answers: Form
  readonly more?: Form
}
export const hotJob: Job = {
  words: '申请动火作业：3号泵房更换法兰',
  area: 'pump-3',
  crew: { leader: 'welder', workers: ['welder'], attendants: ['operator'] },
  answers: hotAnswers,
  more: { tools: '电焊机、角磨机' },
}
export const spaceJob: Job = {
  words: '申请受限空间作业：A罐区 A01 储罐内部检查',
  area: 'tank-a',
  crew: { leader: 'teamLead', workers: ['welder'], attendants: ['operator2'] },
  answers: spaceAnswers,
  more: { tools: '手电、测厚仪', space: 'A01' },
}

/** Applies and fills in; gives the code of the draft. */
export const drafts = async (
  desk: PermitDesk,
  { words, area, crew, answers, more = {} }: Job,
  applicant: Actor,
): Promise<string> => {
  desk.counts('申请')
  const code = await desk.opensWith(applicant, words)
  const from = timeOfDay(await clockOf(desk.stage))
  const form = { area, outdoors: 'no', from, hours: '4', ...crewForm(crew), ...answers, ...more }
  expect(await desk.presses(applicant, code, 'fill', form)).toContain('已保存')
  return code
}

/** From the words to the submission; gives the code. */
export const applies = async (desk: PermitDesk, job: Job, applicant: Actor): Promise<string> => {
  const code = await drafts(desk, job, applicant)
  expect(await desk.taps(applicant, code, 'submit')).toMatch(/已提交|危害分析/)
  return code
}

const measureKey = /~yes_(.+)$/
/** The line that the page asks for now, as the argument of its button. */
const asked = async (desk: PermitDesk, actor: Actor, code: string): Promise<string | null> => {
  const { card } = await desk.sees(actor, code)
  const key = card.actions.map((one) => one.key).find((one) => one.includes('.confirmMeasure:') && measureKey.test(one))
  return key ? `yes_${measureKey.exec(key)?.[1]}` : null
}

/** Analysis, every measure line by itself, briefing given and received. Gives how many lines there were. */
export const prepares = async (
  desk: PermitDesk,
  code: string,
  people: { leader: Actor; briefed: readonly Actor[] },
): Promise<number> => {
  const { leader, briefed } = people
  desk.counts('危害分析')
  expect(await desk.taps(leader, code, 'confirmJsa')).toMatch(/危害分析已确认|措施确认/)
  desk.counts('安全措施')
  let lines = 0
  for (let line = await asked(desk, leader, code); line !== null; line = await asked(desk, leader, code)) {
    expect(await desk.presses(leader, code, 'confirmMeasure', { value: '2' }, line)).toContain('已确认')
    lines += 1
  }
  desk.counts('安全交底')
  expect(await desk.taps(leader, code, 'brief')).toMatch(/已交底|安全交底/)
  for (const one of briefed) expect(await desk.taps(one, code, 'receiveBriefing')).toMatch(/接受交底|票待签/)
  return lines
}

/** Six digits from the phone of whoever stands at the work point. */
export const codeAt = async (desk: PermitDesk, at: Actor, code: string): Promise<string> => {
  const words = await desk.taps(at, code, 'showCode')
  const [digits] = /(?<!\d)\d{6}(?!\d)/.exec(words) ?? []
  if (digits === undefined) throw new Error(`no code in «${words}»`)
  return digits
}

/** What proves that somebody stands at the work point: the code that is shown there, and a fresh position. */
export const proofAt = async (desk: PermitDesk, area: string, digits: string): Promise<Form> => ({
  digits,
  position: await positionAt(desk.stage, area),
})

export type Signer = { readonly node: string; readonly actor: Actor; readonly at?: 'site' }
/** Signatures in order. Nodes of the job itself want no PIN; an approval is given at the work point. */
export const signs = async (desk: PermitDesk, code: string, { node, actor }: Signer, form: Form = { pin }): Promise<void> => {
  desk.counts(node)
  expect(await desk.presses(actor, code, 'sign', form), `${node} by ${actor.id}`).toMatch(/已签字|作业票关闭/)
}

/** Enters one value that was sampled just now. */
export const measures = async (desk: PermitDesk, actor: Actor, code: string, value: Form): Promise<string> => {
  desk.counts('气体检测')
  return desk.presses(actor, code, 'recordGas', { ...value, sampledAt: timeOfDay(await clockOf(desk.stage)) })
}

/** Whatever the start of this work has to be declared for, one by one. */
export const declares = async (desk: PermitDesk, leader: Actor, code: string): Promise<number> => {
  desk.counts('声明')
  let done = 0
  for (; await desk.offers(leader, code, 'declare'); done += 1) await desk.presses(leader, code, 'declare')
  return done
}

/** The attendant of the job goes on post. */
export const checksIn = async (desk: PermitDesk, attendant: Actor, code: string, area: string): Promise<void> => {
  desk.counts('监护人到岗')
  const digits = await codeAt(desk, attendant, code)
  expect(await desk.presses(attendant, code, 'checkIn', await proofAt(desk, area, digits))).toContain('到岗')
}

/** Everybody of the cast who signs above a job has a PIN. */
export const setPins = async (desk: PermitDesk, people: readonly Actor[]): Promise<void> => {
  desk.counts('签名口令')
  for (const one of people) await desk.setsPin(one)
}

/** Everything up to the start of the hot work: six people on three platforms. Gives its code and how many measure lines it had. */
export const startsHot = async (desk: PermitDesk, people: Cast, job: Job = hotJob): Promise<{ code: string; lines: number }> => {
  const { welder, operator, areaOwner, officerA, safetyDirector, leadOne } = people
  const code = await applies(desk, job, welder)
  const lines = await prepares(desk, code, { leader: welder, briefed: [operator] })
  await signs(desk, code, { node: '作业负责人', actor: welder }, {})
  await signs(desk, code, { node: '所在单位', actor: areaOwner })
  await signs(desk, code, { node: '安全管理部门', actor: officerA })
  desk.counts('动火审批人')
  const digits = await codeAt(desk, operator, code)
  await signs(desk, code, { node: '动火审批人', actor: safetyDirector }, { pin, ...(await proofAt(desk, job.area, digits)) })
  desk.counts('监护人到岗')
  expect(await desk.presses(operator, code, 'checkIn', await proofAt(desk, job.area, digits))).toContain('到岗')
  await signs(desk, code, { node: '班长验票', actor: leadOne })
  expect(await measures(desk, operator, code, methane)).toContain('合格')
  await declares(desk, welder, code)
  desk.counts('开始作业')
  expect(await desk.taps(welder, code, 'start')).toMatch(/已开始作业|进行中/)
  return { code, lines }
}
