import { clip } from '../../lib/text.ts'
import type { Facts } from '../workflow.ts'
import type { OpenHazard } from './handover.ts'

/** More than a card can show; the rest is counted, and stands in the to-do lists. */
const mostShown = 20
const mostMembers = 60

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** A row's note, as far as it is one that a to-do list shows. */
const readNote = (note: string): { readonly code: string; readonly title: string } | null => {
  try {
    const read: unknown = JSON.parse(note)
    if (typeof read !== 'object' || read === null || !('code' in read) || !isText(read.code)) return null
    return { code: read.code, title: 'title' in read && isText(read.title) ? clip(read.title, 40) : '' }
  } catch {
    return null
  }
}

/** Hazards that wait for somebody of the team, from everybody's to-do lists, each once, those due first in front. */
export const openHazards = (team: string, { plant, read }: Facts): readonly OpenHazard[] => {
  const members = [...plant.persons.values()].filter((one) => one.active && one.team === team).slice(0, mostMembers)
  const rows = members.flatMap(({ id }) => read({ name: 'todo', key: id }).filter(({ subject }) => subject.startsWith('haz_')))
  const bySubject = new Map(rows.map((row) => [row.subject, row]))
  return [...bySubject.values()]
    .flatMap(({ note, at }) => {
      const found = readNote(note)
      return found ? [{ ...found, due: at }] : []
    })
    .sort((a, b) => (a.due < b.due ? -1 : 1))
    .slice(0, mostShown)
}
