import type { Card } from '../../src/cards/card.ts'
import type { Actor, Plant } from '../../src/workflows/workflow.ts'
import { createDesk, fileNamed, stored, system } from './desk.ts'
import { counted, type PermitDesk, permitAt, rowsOf, type Stage, takeGas } from './permit-desk.ts'
import { allTrades, middle, north, pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
type Scene = {
  readonly send: (actor: Actor) => string
  readonly card: (who: string) => Card | null
  readonly parties: Readonly<Record<string, string>>
}
type Ran = { readonly decision: { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly because: string } }

/** The people of the matrix who have a part in its permit; the attendant is the gas analyst as well. */
const cast = {
  chen: 'foreman',
  wang: 'welder',
  welder: 'fitter',
  fitter: 'hand',
  guard: 'guard',
  guard2: 'guard',
  analyst: 'guard',
} as const
const parties = { applicant: 'foreman', leader: 'welder', hand: 'fitter', attendant: 'guard', shiftLeader: 'prodLead' } as const

/** The plant of the matrix as permits need it: measured areas, and everybody with every certificate. */
const fitted = (plant: Plant): Plant => ({
  ...plant,
  profile: 'hazchem',
  areas: plant.areas.map((area, index) => ({ ...area, center: index === 0 ? middle : north(2000), radiusMetres: 60 })),
  certificates: () => allTrades,
})

const said = ({ decision }: Ran): string => (decision.kind === 'accepted' ? 'yes' : decision.because)
type Setting = {
  readonly stage: Stage
  readonly form?: Readonly<Record<string, string>>
  readonly first?: (desk: PermitDesk) => void
}

/** A level-1 hot work at a stage of its life, and the command as it would be right at this instant. */
const permit =
  (command: Command | ((desk: PermitDesk) => Command), { stage, form = {}, first = () => undefined }: Setting) =>
  (plant: Plant): Scene => {
    const desk = permitAt(stage, { sample: sampleOf('hot', 'one'), plant: fitted(plant), cast, form })
    first(desk)
    const sent = typeof command === 'function' ? command(desk) : command
    return { send: (actor) => said(desk.run(actor, sent) as Ran), card: desk.card, parties }
  }

const signs = (desk: PermitDesk): Command => ({ type: 'sign', ...desk.proof() })
const pins: Command = { type: 'sign', pin }
/** So many of the signatures before the issue are given. */
const signed =
  (count: number) =>
  (desk: PermitDesk): void => {
    for (const who of desk.sample.signs.slice(0, count)) desk.do(who.replace('!', ''), signs(desk))
  }
const atPost = (type: string) => (desk: PermitDesk) => ({ type, ...desk.proof() })
const stops = (desk: PermitDesk): void => void desk.do('wang', { type: 'pause', reason: '午休' })
const points = { isolations: 'P-301 进口阀|工艺' }
const photographed = (desk: PermitDesk): void => {
  desk.do('wang', { type: 'photographIsolation', point: 'i1' })
  desk.do('wang', { type: 'addIsolationPhoto', files: [fileNamed('fil_lock000')] })
  desk.must(system, stored('fil_lock000'))
}
const gas: Command = {
  ...{ type: 'recordGas', kind: 'combustible', substance: 'methane', value: '0.1', unit: 'vol%', point: 'around' },
  ...{ instrument: 'GD-07', calibrationDue: '2027-03-01', sampledAt: '08:00' },
}
const specialNeed = (plant: Plant): Scene => {
  const desk = permitAt('issued', { sample: sampleOf('hot', 'special'), plant: fitted(plant), cast })
  const send = (actor: Actor) => said(desk.run(actor, { type: 'declare', need: 'fullVideo' }) as Ran)
  return { send, card: desk.card, parties }
}

const applies = (plant: Plant): Scene => {
  const desk = createDesk('permit', { plant: fitted(plant) })
  return { send: (actor) => said(desk.run(actor, { type: 'apply', text: '申请动火作业' }) as Ran), card: () => null, parties }
}
const asksForPin = (plant: Plant): Scene => {
  const desk = createDesk('pin', { plant })
  return {
    send: (actor) => said(desk.run(actor, { type: 'ask', text: '设置签名口令' }) as Ran),
    card: () => null,
    parties: { owner: 'welder' },
  }
}
const setsPin = (plant: Plant): Scene => {
  const desk = createDesk('pin', { plant })
  desk.must(system, { type: 'offer', person: 'welder' })
  return {
    send: (actor) => said(desk.run(actor, { type: 'setPin', pin, again: pin }) as Ran),
    card: desk.card,
    parties: { owner: 'welder' },
  }
}
const halts = (plant: Plant): Scene => {
  const active = permitAt('active', { sample: sampleOf('hot', 'one'), plant: fitted(plant), cast })
  const desk = createDesk('halt', { plant: fitted(plant), rows: rowsOf(active) })
  return { send: (actor) => said(desk.run(actor, { type: 'halt', text: '停止作业 3号泵房' }) as Ran), card: () => null, parties }
}

/** Rows of permits, PINs and STOP, in the order of the table. */
export const permitScenes: Readonly<Record<string, (plant: Plant) => Scene>> = {
  'permit.apply': applies,
  'permit.fill': permit({ type: 'fill', what: '换阀' }, { stage: 'draft' }),
  'permit.submit': permit({ type: 'submit' }, { stage: 'filled' }),
  'permit.cancel': permit({ type: 'cancel', reason: '' }, { stage: 'issued' }),
  'permit.confirmJsa': permit({ type: 'confirmJsa' }, { stage: 'jsa' }),
  'permit.confirmMeasure': permit(
    { type: 'confirmMeasure', line: 'hot.cleaned', involved: 'yes', value: '' },
    { stage: 'measures' },
  ),
  'permit.addIsolation': permit({ type: 'addIsolation', what: '出口阀', kind: 'process' }, { stage: 'measures' }),
  'permit.photographIsolation': permit({ type: 'photographIsolation', point: 'i1' }, { stage: 'measures', form: points }),
  'permit.addIsolationPhoto': permit(
    { type: 'addIsolationPhoto', files: [fileNamed('fil_more0000')] },
    { stage: 'measures', form: points, first: (desk) => void desk.do('wang', { type: 'photographIsolation', point: 'i1' }) },
  ),
  'permit.tryIsolation': permit({ type: 'tryIsolation', point: 'i1' }, { stage: 'measures', form: points, first: photographed }),
  'permit.brief': permit({ type: 'brief' }, { stage: 'briefing' }),
  'permit.receiveBriefing': permit(
    { type: 'receiveBriefing' },
    { stage: 'briefing', first: (desk) => void desk.do('wang', { type: 'brief' }) },
  ),
  'permit.showCode': permit({ type: 'showCode' }, { stage: 'signing' }),
  'permit.sign leader': permit(pins, { stage: 'signing' }),
  'permit.sign unit': permit(pins, { stage: 'signing', first: signed(1) }),
  'permit.sign review': permit(pins, { stage: 'signing', first: signed(2) }),
  'permit.sign approve': permit(signs, { stage: 'signing', first: signed(3) }),
  'permit.sign check': permit(pins, { stage: 'issued' }),
  'permit.sign acceptance': permit(pins, { stage: 'completed' }),
  'permit.sendBack': permit({ type: 'sendBack', reason: '措施不足' }, { stage: 'signing', first: signed(3) }),
  'permit.recordGas': permit(gas, { stage: 'issued' }),
  'permit.declare': specialNeed,
  'permit.checkIn': permit(atPost('checkIn'), { stage: 'issued' }),
  'permit.answerPulse': permit(atPost('answerPulse'), { stage: 'active' }),
  'permit.start': permit({ type: 'start' }, { stage: 'ready' }),
  'permit.pause': permit({ type: 'pause', reason: '' }, { stage: 'active' }),
  'permit.stopWork': permit({ type: 'stopWork', reason: '' }, { stage: 'active' }),
  'permit.reportChange': permit({ type: 'reportChange', reason: '改到下层' }, { stage: 'active' }),
  'permit.resume': permit(
    { type: 'resume' },
    {
      stage: 'active',
      first: (desk) => {
        stops(desk)
        takeGas(desk)
      },
    },
  ),
  'permit.complete': permit({ type: 'complete', ...counted }, { stage: 'active' }),
  'permit.reissue': permit({ type: 'reissue' }, { stage: 'active', first: stops }),
  'permit.revoke': permit({ type: 'revoke', reason: '违章' }, { stage: 'active' }),
  'pin.ask': asksForPin,
  'pin.setPin': setsPin,
  'halt.halt': halts,
}
