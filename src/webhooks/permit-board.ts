import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { type BoardPermit, type BoardRow, boardOf, type Light } from '../cards/permit-board.ts'
import { pagesText } from '../cards/text/pages.ts'
import { boardText as text } from '../cards/text/permit-board-page.ts'
import { fill } from '../cards/words.ts'
import { type Clock, inZone } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { BoardLink } from '../people/board-link.ts'
import type { Pages } from '../people/pages.ts'
import type { LoadedPlant } from '../people/plant.ts'
import { cookieName, guarded } from './miniapp-guard.ts'
import { escaped, noticePage } from './notice-page.ts'
import { boardScript, boardStyle } from './permit-board-files.ts'

export type BoardParts = {
  readonly pages: Pick<Pages, 'session'>
  readonly publicUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly framedBy: readonly string[]
  /** The link of a wall screen, by its key. */
  readonly linkOf: (key: string, at: Date) => Promise<BoardLink | null>
  readonly openPermits: (
    site: string,
    at: Date,
  ) => Promise<{ readonly permits: readonly BoardPermit[]; readonly complete: boolean }>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
}

const columns = Object.entries(text.columns)

const cell = (words: string, scope = ''): string =>
  scope === '' ? `<td>${escaped(words)}</td>` : `<th scope="${scope}">${escaped(words)}</th>`

const light = (colour: Light): string =>
  `<td class="light"><span aria-hidden="true">${text.marks[colour]}</span> ${text.colours[colour]}</td>`

const line = ({ light: colour, status, code, work, place, leader, guards, left }: BoardRow): string =>
  `<tr class="${colour}">${light(colour)}${cell(status)}${cell(code, 'row')}${[work, place, leader, guards, left].map((one) => cell(one)).join('')}</tr>`

const table = (rows: readonly BoardRow[]): string =>
  rows.length === 0
    ? `<p class="empty">${escaped(text.empty)}</p>`
    : `<table>
<caption>${escaped(text.title)}</caption>
<thead><tr>${columns.map(([, label]) => cell(label, 'col')).join('')}</tr></thead>
<tbody>
${rows.map(line).join('\n')}
</tbody>
</table>`

type Shown = {
  readonly name: string
  readonly time: string
  readonly board: ReturnType<typeof boardOf>
  readonly complete: boolean
}

/** The whole page, which shows in any browser without a script and follows by itself with one. */
const page = ({ name, time, board, complete }: Shown): string => {
  const counts = Object.fromEntries(Object.entries(board.counts).map(([colour, count]) => [colour, String(count)]))
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${text.title} · ${name}`)}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/board/board.css">
<noscript><meta http-equiv="refresh" content="15"></noscript>
<script src="/board/board.js" defer></script>
</head>
<body>
<p id="frozen" role="alert" hidden>${escaped(text.frozen)}<span></span></p>
<main>
<header>
<h1>${escaped(`${name} ${text.title}`)}</h1>
<p class="counts" role="status">${escaped(fill(text.counts, counts))}</p>
<p class="time">${escaped(fill(text.updated, { time }))}</p>
</header>
${complete ? '' : `<p class="incomplete">${escaped(fill(text.incomplete, { count: String(board.rows.length) }))}</p>`}
${table(board.rows)}
</main>
</body>
</html>
`
}

const closed = (c: Context): Response =>
  c.html(noticePage(pagesText.title, text.closed.title, [text.closed.body, text.closed.way]), 403)

/**
 * Whose board is shown: the site of the wall screen's link, or of whoever signed in at their platform. A session that a card's link opened reaches that case and
 * no list of others.
 */
const siteFor = async (c: Context, { pages, publicUrl, linkOf, clock }: BoardParts): Promise<string | null> => {
  const key = c.req.query('key')
  if (key !== undefined) return (await linkOf(key, clock.now()))?.site ?? null
  const session = await pages.session(getCookie(c, cookieName(publicUrl, 'andon_session')) ?? null)
  return session && session.person !== null && session.subjects === null ? session.site : null
}

/** `GET /board/permits`: the permits in use at a site in red, yellow and green, for a wall screen or whoever is signed in. It only shows. */
export const createPermitBoard = (parts: BoardParts): Hono => {
  const app = new Hono()
  app.use('/board/*', guarded(parts.framedBy, parts.publicUrl))
  app.onError((error, c) => {
    parts.log.error('the board could not be shown', { error: error instanceof Error ? error.message : 'unknown' })
    return c.text('', 503)
  })
  const file = (body: string, mime: string) => (c: Context) =>
    c.body(body, 200, { 'content-type': `${mime}; charset=utf-8`, 'cache-control': 'public, max-age=300' })
  app.get('/board/board.css', file(boardStyle, 'text/css'))
  app.get('/board/board.js', file(boardScript, 'text/javascript'))
  app.get('/board/permits', async (c) => {
    const site = await siteFor(c, parts)
    if (site === null) return closed(c)
    const at = parts.clock.now()
    const { plant } = await parts.plantOf(site)
    const { permits, complete } = await parts.openPermits(site, at)
    const { date, time } = inZone(at, plant.timeZone)
    return c.html(page({ name: plant.name, time: `${date} ${time.slice(0, 8)}`, board: boardOf(permits, at, plant), complete }))
  })
  return app
}
