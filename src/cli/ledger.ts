import { harmless } from '../engine/findings.ts'
import { type LedgerLine, readLedger } from '../engine/ledger.ts'
import { inZone } from '../lib/clock.ts'
import { loadPlant } from '../people/plant.ts'
import { type Call, type Command, type Exit, exit, findCase, withDatabase, wordAt } from './command.ts'

const outcomes: Readonly<Record<string, string>> = {
  done: 'delivered',
  retry: 'not delivered, tried again',
  dead: 'NOT delivered',
  dropped: 'not sent, overtaken by events',
  waiting: 'waits to be sent',
  leased: 'is being sent',
}

const whatOf = ({ kind, duty, urgent, ring }: LedgerLine): string =>
  [kind === 'text' ? 'words' : duty === null ? 'card' : `card to ${duty}`, urgent ? 'urgent' : '', ring ? 'rings' : '']
    .filter((part) => part !== '')
    .join(', ')

const sayLine = (line: LedgerLine, said: (at: Date) => string): string => {
  const who = line.name ?? line.person ?? line.account ?? 'a group'
  const where = line.connection === null ? 'no account' : `${line.connection}${line.account ? ` ${line.account}` : ''}`
  const attempt = line.attempt === null ? '' : ` attempt ${line.attempt}:`
  const outcome = outcomes[line.outcome ?? line.state] ?? line.outcome ?? line.state
  const why = line.detail === null ? '' : ` (${line.detail})`
  const acted = line.acted === null ? '' : `; acted ${said(line.acted.at)}: ${line.acted.event}`
  return harmless(`  ${said(line.at ?? line.createdAt)}  ${who}  ${where}  ${whatOf(line)} –${attempt} ${outcome}${why}${acted}`)
}

const runLedger = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async ({ db }) => {
    const { site, id, code } = await findCase(db, wordAt(call, 0))
    const lines = await readLedger(db, id)
    if (call.flags.json === true) {
      for (const line of lines) call.print(JSON.stringify(line))
      return exit.well
    }
    const { timeZone } = (await loadPlant(db, site)).plant
    const said = (at: Date): string => {
      const { date, time } = inZone(at, timeZone)
      return `${date} ${time}`
    }
    call.print(
      `Case ${harmless(code)}: who was sent what, times of ${timeZone}. A platform's "delivered" means that it took the message; an act proves that it was read.`,
    )
    for (const line of lines) call.print(sayLine(line, said))
    const notices = new Set(lines.map(({ effect }) => effect)).size
    const reached = new Set(lines.filter(({ outcome }) => outcome === 'done').map(({ effect }) => effect)).size
    call.print(`${notices} notices, ${lines.filter(({ attempt }) => attempt !== null).length} attempts, ${reached} delivered.`)
    return exit.well
  })

export const ledgerCommand: Command = {
  summary: 'tell who was sent what about a case, when, on which platform, at which attempt',
  usage: '<code> [--json]',
  help: ['The code is the one on the cards, or the id of the case.', 'Exit code 0: told. 2: it could not run.'],
  options: { json: { type: 'boolean' } },
  words: 1,
  run: runLedger,
}
