import { harmless } from '../engine/findings.ts'
import { type LedgerLine, readLedger } from '../engine/ledger.ts'
import { inZone } from '../lib/clock.ts'
import { loadPlant } from '../people/plant.ts'
import { type Call, type Command, type Exit, exit, findCase, withDatabase, wordAt } from './command.ts'
import { verdictsOf } from './draw.ts'

const outcomes: Readonly<Record<string, string>> = {
  done: 'delivered',
  retry: 'not delivered, tried again',
  dead: 'NOT delivered',
  dropped: 'not sent, overtaken by events',
  overtaken: 'not delivered in time, the same notice went to the next account',
  waiting: 'waits to be sent',
  leased: 'is being sent',
}

/** Taking back is no notice, and its outcomes have words of their own. */
const takenBack: Readonly<Record<string, string>> = {
  done: 'gone from the chat',
  retry: 'still there, tried again',
  dead: 'STILL THERE',
  dropped: 'nothing was there',
  waiting: 'waits',
  leased: 'is being done',
}

const thingOf = ({ kind, duty, event }: LedgerLine): string => {
  if (kind === 'recall') return 'taking back'
  if (kind === 'bulk') return 'words to many'
  if (kind === 'callOut') return `call «${event ?? ''}»`
  if (kind === 'text') return 'words'
  return duty === null ? 'card' : `card to ${duty}`
}

const whatOf = (line: LedgerLine): string =>
  [thingOf(line), line.urgent ? 'urgent' : '', line.ring ? 'rings' : ''].filter((part) => part !== '').join(', ')

const sayLine = (line: LedgerLine, said: (at: Date) => string): string => {
  const who = line.kind === 'callOut' ? 'a system outside' : (line.name ?? line.person ?? line.account ?? 'a group')
  const where = line.connection === null ? 'no account' : `${line.connection}${line.account ? ` ${line.account}` : ''}`
  const attempt = line.attempt === null ? '' : ` attempt ${line.attempt}:`
  const word = line.outcome ?? line.state
  const outcome = (line.kind === 'recall' ? takenBack : outcomes)[word] ?? word
  const why = line.detail === null ? '' : ` (${line.detail})`
  const read = line.read === null ? '' : `; read ${said(line.read)}`
  const acted = line.acted === null ? '' : `; acted ${said(line.acted.at)}: ${line.acted.event}`
  return harmless(
    `  ${said(line.at ?? line.createdAt)}  ${who}  ${where}  ${whatOf(line)} –${attempt} ${outcome}${why}${read}${acted}`,
  )
}

/** Notices, each once however many attempts it took. */
const countOf = (lines: readonly LedgerLine[], fits: (line: LedgerLine) => boolean): number =>
  new Set(lines.filter((line) => line.kind !== 'recall' && fits(line)).map(({ effect }) => effect)).size

const runLedger = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async ({ db }) => {
    const { site, id, code } = await findCase(db, wordAt(call, 0))
    const tasks = await verdictsOf(db, site, id)
    const lines = (await Promise.all([id, ...tasks].map((one) => readLedger(db, one))))
      .flat()
      .sort((a, b) => (a.at ?? a.createdAt).getTime() - (b.at ?? b.createdAt).getTime())
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
      `Case ${harmless(code)}: who was sent what, times of ${timeZone}. A platform's "delivered" means that it took the message; only what was read, where the platform says so, or an act proves that it reached somebody.`,
    )
    for (const line of lines) call.print(sayLine(line, said))
    const notices = countOf(lines, () => true)
    const delivered = countOf(lines, ({ outcome }) => outcome === 'done')
    const reached = countOf(lines, ({ read, acted }) => read !== null || acted !== null)
    const attempts = lines.filter(({ attempt }) => attempt !== null).length
    call.print(`${notices} notices, ${attempts} attempts, ${delivered} delivered, ${reached} known to have reached somebody.`)
    return exit.well
  })

export const ledgerCommand: Command = {
  summary: 'tell who was sent what about a case, when, on which platform, at which attempt',
  usage: '<code> [--json]',
  help: [
    'The code is the one on the cards, or the id of the case. What its verifiers were sent is told too, so it is not for anybody with a part in the case.',
    'Exit code 0: told. 2: it could not run.',
  ],
  options: { json: { type: 'boolean' } },
  words: 1,
  run: runLedger,
}
