import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { badTableText, certificateText, rowProblemText } from '../cards/text/certificate.ts'
import { fill } from '../cards/words.ts'
import type { Database } from '../db/database.ts'
import { harmless } from '../engine/findings.ts'
import { inZone } from '../lib/clock.ts'
import { checkSecret } from '../node.ts'
import { readCertificates, unreadableNumbers } from '../people/certificates.ts'
import type { RowProblem } from '../people/certificates-columns.ts'
import { readCertificateFile } from '../people/certificates-file.ts'
import { type Imported, importCertificates } from '../people/certificates-import.ts'
import type { ReadRows } from '../people/certificates-rows.ts'
import { BadTable, tableLimits } from '../people/certificates-table.ts'
import { certificateReminders } from '../rules/certificate-reminders.ts'
import { tradeName } from '../rules/permits/certificate-trades.ts'
import { certCovers } from '../rules/permits/certificates.ts'
import { dateAfter } from '../rules/working-days.ts'
import { type Call, CannotRun, type Command, clockOf, type Exit, exit, flagText, withDatabase, wordAt } from './command.ts'

/** A row's trouble in words, and how to put it right. */
export const rowWords = ({ row, because, values }: RowProblem): string =>
  `第 ${row} 行：${fill(rowProblemText[because] ?? because, values)}`

/** The list, read. Throws CannotRun, in words, for a file that cannot be read as one. */
const readList = (path: string): ReadRows => {
  if (statSync(path).size > tableLimits.file) throw new CannotRun(badTableText['too-large'])
  try {
    return readCertificateFile(readFileSync(path))
  } catch (error) {
    if (error instanceof BadTable) throw new CannotRun(badTableText[error.because])
    throw error
  }
}

type Site = { readonly id: string; readonly time_zone: string }

/** The site that is named, or the only one there is. */
const siteFor = async ({ db }: Database, call: Call): Promise<Site> => {
  const named = flagText(call, 'site')
  const sites = await db.selectFrom('site').select(['id', 'time_zone']).orderBy('id').execute()
  const found = named === null ? sites : sites.filter(({ id }) => id === named)
  const [site, ...more] = found
  if (!site)
    throw new CannotRun(
      named === null ? 'There is no site yet. Import the organisation file first.' : `There is no site ${harmless(named)}.`,
    )
  if (more.length > 0)
    throw new CannotRun(`There are several sites: ${found.map(({ id }) => id).join(', ')}. Name one with --site.`)
  return site
}

const undone = Symbol('undone')

const sayImported = ({ added, changed, unchanged }: Imported, would: string, print: Call['print']): void =>
  print(`${added} ${would}added, ${changed} ${would}changed, ${unchanged} unchanged.`)

const runImport = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    const list = readList(resolve(wordAt(call, 1)))
    await checkSecret(database, config.secret)
    const { id: site, time_zone } = await siteFor(database, call)
    const at = (await clockOf(database, config)).now()
    const isDry = call.flags['dry-run'] === true
    const about = { site, secret: config.secret, at, on: inZone(at, time_zone).date }
    let imported: Imported = { problems: list.problems, added: 0, changed: 0, unchanged: 0 }
    await database.db
      .transaction()
      .execute(async (tx) => {
        const found = await importCertificates(tx, about, list.rows)
        imported = { ...found, problems: [...list.problems, ...found.problems].sort((a, b) => a.row - b.row) }
        if (isDry || imported.problems.length > 0) throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    for (const one of list.warnings) call.print(harmless(`${rowWords(one)}（提示）`))
    for (const one of imported.problems) call.print(harmless(rowWords(one)))
    if (list.ignored.length > 0) call.print(harmless(`未使用的列：${list.ignored.join('、')}`))
    if (imported.problems.length > 0) {
      call.print(`${imported.problems.length} problems. Nothing was imported; put the list right and import it again.`)
      return exit.findings
    }
    sayImported(imported, isDry ? 'would be ' : '', call.print)
    if (isDry) call.print('Nothing was changed.')
    return exit.well
  })

type Line = { readonly kind: 'invalid' | 'ending' | 'gone' | 'unreadable'; readonly text: string }

const linesFor = async (
  { db }: Database,
  site: Site,
  at: Date,
  secret: string,
): Promise<{ readonly count: number; readonly lines: readonly Line[] }> => {
  const today = inZone(at, site.time_zone).date
  const soon = dateAfter(today, certificateReminders.days[0])
  const people = new Map(
    (await db.selectFrom('person').select(['id', 'name', 'active']).where('site', '=', site.id).execute()).map((one) => [
      one.id,
      one,
    ]),
  )
  const unreadable = new Set((await unreadableNumbers(db, secret)).map(({ id }) => id))
  const held = await readCertificates(db, site.id)
  const lines = held.flatMap((one): readonly Line[] => {
    const holder = people.get(one.person)
    const about = `${holder?.name ?? one.person}（${one.person}） ${tradeName(one.trade)} ${one.number} 有效期至 ${one.validUntil}${one.reviewDue === null ? '' : `，复审 ${one.reviewDue}`}`
    const answer = certCovers([one], one.trade, today)
    const ends = [one.validUntil, one.reviewDue ?? one.validUntil].sort()[0] ?? one.validUntil
    return [
      ...(unreadable.has(one.id) ? [{ kind: 'unreadable' as const, text: `${about}：证号无法解密或已被改动` }] : []),
      ...(holder?.active === true ? [] : [{ kind: 'gone' as const, text: `${about}：持证人已不在职` }]),
      ...(answer.kind === 'refused'
        ? [{ kind: 'invalid' as const, text: `${about}：${certificateText.standing[answer.because]}` }]
        : ends <= soon
          ? [{ kind: 'ending' as const, text: `${about}：60 日内到期或复审` }]
          : []),
    ]
  })
  return { count: held.length, lines }
}

const runCheck = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async (database, config) => {
    await checkSecret(database, config.secret)
    const site = await siteFor(database, call)
    const at = (await clockOf(database, config)).now()
    const { count, lines } = await linesFor(database, site, at, config.secret)
    for (const { text } of lines) call.print(harmless(text))
    const of = (kind: Line['kind']): number => lines.filter((one) => one.kind === kind).length
    call.print(
      `${count} certificates: ${of('invalid')} cannot be used, ${of('ending')} end or must be reviewed within 60 days, ${of('gone')} of people who left, ${of('unreadable')} unreadable.`,
    )
    return of('invalid') + of('unreadable') > 0 ? exit.findings : exit.well
  })

export const certificatesCommand: Command = {
  summary: 'import certificates of people from a workbook or CSV file, or check those there are',
  usage: 'import <file> | check  [--site ID] [--dry-run]',
  help: [
    'import takes .xlsx or CSV (UTF-8 or GB 18030) with the columns 工号 or 姓名, 证书类别, 准操项目, 证号, 发证日期, 有效期至, 复审日期, 发证机关, 状态; also 上次复审日期, 最近作业日期, 健康结论, 体检有效期至.',
    'All of it or nothing: every bad row is told with its number and what to do. The same list twice changes nothing; certificates that it does not name stay. --dry-run only says what would change.',
    'check lists what cannot be used, what ends within 60 days, and numbers that cannot be opened. Numbers are shown masked.',
    'Exit code 0: done, nothing wrong. 1: bad rows, or certificates that cannot be used. 2: it could not run; nothing was changed then.',
  ],
  options: { site: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  words: [1, 2],
  run: async (call) => {
    const [act, wants] = [wordAt(call, 0), call.args.length]
    if (act === 'import' && wants === 2) return runImport(call)
    if (act === 'check' && wants === 1) return runCheck(call)
    throw new CannotRun(`It is either import <file> or check, not ${harmless(call.args.join(' '))}.`)
  },
}
