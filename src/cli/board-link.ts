import { harmless } from '../engine/findings.ts'
import { days, later } from '../lib/clock.ts'
import { createBoardLink, listBoardLinks, revokeBoardLink } from '../people/board-link.ts'
import { type Call, CannotRun, type Command, clockOf, type Exit, exit, flagText, withDatabase } from './command.ts'

const mostDays = 366

const daysOf = (call: Call): number => {
  const given = Number(flagText(call, 'days') ?? '90')
  if (!(Number.isInteger(given) && given >= 1 && given <= mostDays))
    throw new CannotRun(`--days takes a whole number from 1 to ${mostDays}.`)
  return given
}

const run = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const { db } = database
    const revoked = flagText(call, 'revoke')
    if (revoked !== null) {
      if (!(await revokeBoardLink(db, revoked))) throw new CannotRun(`There is no link ${harmless(revoked)}; --list shows them.`)
      call.print(`The link ${harmless(revoked)} opens nothing any more.`)
      return exit.well
    }
    const clock = await clockOf(database, config)
    if (call.flags.list === true) {
      for (const { id, site, name, until } of await listBoardLinks(db))
        call.print(
          `${id}  ${site}  until ${until.toISOString().slice(0, 10)}${until > clock.now() ? '' : ' (over)'}  ${harmless(name)}`,
        )
      return exit.well
    }
    const sites = await db.selectFrom('site').select('id').orderBy('id').execute()
    const site = flagText(call, 'site') ?? (sites.length === 1 ? sites[0]?.id : undefined)
    if (!sites.some(({ id }) => id === site) || site === undefined)
      throw new CannotRun(`Name the site with --site: ${sites.map(({ id }) => id).join(', ')}.`)
    const until = later(clock.now(), days(daysOf(call)))
    const { id, key } = await createBoardLink(db, config.secret, { site, name: flagText(call, 'name') ?? '', until })
    call.print(`${config.publicUrl}/board/permits?key=${key}`)
    call.print(
      `Shows the permits in use at ${site} to whoever has it, until ${until.toISOString().slice(0, 10)}. To take it back: --revoke ${id}`,
    )
    return exit.well
  })

export const boardLinkCommand: Command = {
  summary: 'make a link by which a wall screen shows the permits in use',
  usage: '[--site <id>] [--name <where it hangs>] [--days <n>] | --list | --revoke <id>',
  help: [
    'The link only shows, signs nobody in and opens no case. It is printed once; the database keeps its hash.',
    `--days: how long it opens, 90 unless told, at most ${mostDays}. --list shows all links, --revoke takes one back.`,
    'Exit code 0: done. 2: it could not run.',
  ],
  options: {
    site: { type: 'string' },
    name: { type: 'string' },
    days: { type: 'string' },
    list: { type: 'boolean' },
    revoke: { type: 'string' },
  },
  words: 0,
  run,
}
