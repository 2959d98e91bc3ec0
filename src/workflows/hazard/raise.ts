import { later } from '../../lib/clock.ts'
import { suggestColour } from '../../rules/colour-words.ts'
import { hazardEvidence } from '../../rules/evidence.ts'
import { hazardGrades } from '../../rules/hazard-grades.ts'
import { type Colour, colours, hazardSla } from '../../rules/sla.ts'
import { areaIn } from '../areas.ts'
import { accept, type Facts, type IndexRow, type Plant } from '../workflow.ts'
import { callRung } from './clocks.ts'
import { fetchJob, fileOf, iso, roundOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { equipmentIn } from './equipment.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState, NewFile } from './hazard.ts'
import { isDevice } from './people.ts'
import { mostFiles } from './photos.ts'
import { paceOf } from './start.ts'

type Raise = Extract<HazardCommand, { type: 'raise' }>

/** The most different words of one case: a device that says something new each second fills no case without end. */
const mostTexts = 20
/** More open cases of one device than this are not looked through for one to join. */
const mostOpen = 20

/** 0 is the most severe. */
const severity = (colour: Colour): number => colours.indexOf(colour)
const deviceKey = (source: string, device: string): string => `${source}/${device}`

/** An open case of a device, found by the device while it is open; the weight is how severe it is taken for. */
export const deviceRows = (state: HazardState): readonly IndexRow[] => {
  if (!isDevice(state.reporter) || state.closedAt !== null) return []
  const { connection, account } = state.reporter.account
  return [
    {
      name: 'device',
      key: deviceKey(connection, account),
      at: state.reportedAt,
      weight: severity(paceOf(state)),
      note: state.code,
    },
  ]
}

/** A colour that the source's mapping forces, else what the words suggest. */
const forced = ({ colour, text }: Raise): Colour => colours.find((one) => one === colour) ?? suggestColour(text)

const areaNamed = (name: string, { areas }: Plant): string | null =>
  name === '' ? null : (areas.find((one) => one.id === name || one.name === name || one.aliases.includes(name))?.id ?? null)

/** Whatever the source calls the area; else the area that its words name; else the one the source stands in. */
const areaOf = (command: Pick<Raise, 'text' | 'area' | 'defaultArea'>, plant: Plant): string | null =>
  areaNamed(command.area, plant) ?? areaIn(`${command.text}\n${command.area}`, plant) ?? areaNamed(command.defaultArea, plant)

/** Where an alarm is: what its source calls the area, else where the equipment stands that its words name, else what else they say. Null where nobody can tell. */
export const areaOfAlarm = (command: Pick<Raise, 'text' | 'area' | 'defaultArea'>, plant: Plant): string | null =>
  areaNamed(command.area, plant) ??
  equipmentIn(command.text, areaNamed(command.area, plant), plant)?.area ??
  areaOf(command, plant)

/** What the device said, and where it was if the plant has no such area. */
const wordsOf = ({ text, area }: Raise, plant: Plant): string =>
  area === '' || areaNamed(area, plant) !== null ? text : `${text}\n${area}`

/**
 * Does this alarm belong to that open case? A more severe one never does: a fire seen by the camera whose open case is a missing helmet must ring on
 * its own, whoever has taken the helmet.
 */
const belongs = (state: HazardState, command: Raise): boolean =>
  state.closedAt === null && severity(paceOf(state)) <= severity(forced(command))

const handOn = (command: Raise, subject: string | null, key: string): HazardDecision =>
  accept<HazardEvent>([], [{ kind: 'command', workflow: 'hazard', subject, key, command: { ...command } }])

const picturesFor = (files: readonly NewFile[], room: number): readonly NewFile[] => files.slice(0, Math.max(0, room))

/** The same device again: counted in the journal, its new words and pictures kept, nobody rung again. */
const join = (state: HazardState, command: Raise, facts: Facts): HazardDecision => {
  const words = wordsOf(command, facts.plant)
  const known = state.texts.includes(words) || state.texts.length >= mostTexts
  const files = picturesFor(command.files, mostFiles - state.files.length)
  const alarmed: HazardEvent = {
    type: 'alarmed',
    count: (state.alarms?.count ?? 1) + 1,
    at: iso(facts.at),
    text: known ? '' : words,
    files: files.map((file) => fileOf(file, { stage: 'before', by: '', round: roundOf(state) }, facts)),
  }
  return accept(
    [alarmed],
    files.map((file) => fetchJob(file, facts)),
  )
}

/** Opens a case whose reporter is the device: the first rung is called at once, whoever its colour must reach follows as for every case, and nobody is answered. Throws without a code, as a report does. */
const openCase = (command: Raise, facts: Facts): HazardDecision => {
  if (facts.code === null) throw new Error('a hazard was to be opened without a code')
  const equipment = equipmentIn(command.text, areaNamed(command.area, facts.plant), facts.plant)
  const area = areaOfAlarm(command, facts.plant)
  const files = picturesFor(command.files, mostFiles)
  const reported: HazardEvent = {
    type: 'reported',
    site: facts.plant.site,
    code: facts.code,
    at: iso(facts.at),
    reporter: {
      account: { connection: command.source, account: command.device },
      conversation: '',
      person: null,
      name: command.name,
    },
    text: wordsOf(command, facts.plant),
    files: files.map((file) => fileOf(file, { stage: 'before', by: '', round: 0 }, facts)),
    place: null,
    team: facts.plant.areas.find(({ id }) => id === area)?.team ?? '',
    suggestion: { colour: forced(command), area, ...(equipment ? { equipment: equipment.id } : {}) },
    ladder: hazardSla.ladder,
    sla: hazardSla.id,
    grades: hazardGrades.id,
    evidence: hazardEvidence.id,
  }
  const state = evolveHazard(null, reported)
  const called = callRung(state, 0, facts)
  return accept([reported, ...called.events], [...called.effects, ...files.map((file) => fetchJob(file, facts))])
}

/**
 * An alarm of a camera or sensor. While the device has an open case not older than `within` and not less severe, it joins that one; else it opens a case.
 * Both go through the inbox under a key of the alarm, so that a case which ends in between loses no alarm: it is raised anew.
 */
export const raise = (state: HazardState | null, command: Raise, facts: Facts): HazardDecision => {
  if (state) return belongs(state, command) ? join(state, command, facts) : handOn(command, null, `raise:${facts.arrival}`)
  const from = iso(later(facts.at, -command.within))
  const standing = facts.read({ name: 'device', key: deviceKey(command.source, command.device), from, most: mostOpen })
  const open = standing.find(({ weight }) => weight <= severity(forced(command)))
  return open ? handOn(command, open.subject, `join:${facts.arrival}`) : openCase(command, facts)
}
