import { z } from 'zod'
import type { Action, Card, FormField } from '../cards/card.ts'
import { pagesText } from '../cards/text/pages.ts'
import { type TimelineLine, timeline } from '../cards/timeline.ts'
import { type Drawable, drawSubject } from '../engine/draw.ts'
import type { HistoryEntry } from '../engine/history.ts'
import { sha256 } from '../lib/crypto.ts'
import type { PageSession } from '../people/pages.ts'
import type { LoadedPlant } from '../people/plant.ts'

/** A photo as addresses of this service. `full` carries the watermark; originals are never served. */
export type PagePicture = { readonly thumbnail: string; readonly full: string; readonly alt: string }

/** The neutral card with every stored photo of the case, because a page has room for all. */
export type PageCard = Omit<Card, 'pictures' | 'page' | 'form' | 'actions'> & {
  readonly pictures: readonly PagePicture[]
  readonly form: readonly FormField[]
  readonly actions: readonly Action[]
}

/** Everything the page of a subject shows to one reader. */
export type CaseView = {
  readonly subject: string
  readonly revision: number
  /** Name of whoever is signed in, and a mark of the account: a command that carries another mark than the session's is refused. */
  readonly reader: { readonly name: string; readonly mark: string }
  readonly card: PageCard
  /** Where its paper is; null where it has none. */
  readonly paper: string | null
  /** Newest first. */
  readonly timeline: readonly TimelineLine[]
  /** True when there is more history than `timeline` shows. */
  readonly earlier: boolean
}

/** Lines of history on a page; the rest is in the journal. */
export const mostLines = 200

/** In the order in which a page shows them. A test report is a document, or a picture of one. */
const stages = ['before', 'during', 'after', 'report'] as const
type Stage = (typeof stages)[number]

const storedFile = z.object({
  stage: z.enum(stages),
  watermarked: z.string().nullable(),
  thumbnail: z.string().nullable(),
})
/** Workflows without files have none to show; a file whose shape is unknown is not shown. */
const withFiles = z.object({ files: z.array(storedFile) })
const withPack = z.object({ pack: z.string() })
/** Points of isolation of a permit, each with the photo of its lock and tag. */
const withIsolations = z.object({
  isolations: z.array(
    z.object({ what: z.string(), picture: z.object({ watermarked: z.string(), thumbnail: z.string() }).optional() }),
  ),
})
/** A picture that was drawn of the subject, such as a radar. */
const withPicture = z.object({ picture: z.object({ thumbnail: z.string() }) })

type Shown = { readonly stage: Stage; readonly watermarked: string; readonly thumbnail: string }

const shownFiles = (state: unknown): readonly Shown[] => {
  const read = withFiles.safeParse(state)
  if (!read.success) return []
  const stored = read.data.files.flatMap(({ stage, watermarked, thumbnail }) =>
    thumbnail === null ? [] : [{ stage, thumbnail, watermarked: watermarked ?? thumbnail }],
  )
  return stages.flatMap((wanted) => stored.filter(({ stage }) => stage === wanted))
}

const isolationPictures = (
  state: unknown,
): readonly { readonly what: string; readonly watermarked: string; readonly thumbnail: string }[] =>
  withIsolations.safeParse(state).data?.isolations.flatMap(({ what, picture }) => (picture ? [{ what, ...picture }] : [])) ?? []

/** Is this the name of a picture of the case that may be shown? Originals, with all that the camera wrote into them, are not among them. */
export const isShown = (state: unknown, sha: string): boolean =>
  drawnOf(state) === sha ||
  [...shownFiles(state), ...isolationPictures(state)].some(
    ({ watermarked, thumbnail }) => sha === watermarked || sha === thumbnail,
  )

const drawnOf = (state: unknown): string | null => withPicture.safeParse(state).data?.picture.thumbnail ?? null

const picturesOf = (subject: string, state: unknown, card: Card): readonly PagePicture[] => {
  const address = (sha: string): string => `/api/cases/${subject}/photos/${sha}`
  const counted: Record<Stage, number> = { before: 0, during: 0, after: 0, report: 0 }
  const drawn = drawnOf(state)
  if (drawn !== null) return card.pictures.map(({ image, alt }) => ({ thumbnail: address(image), full: address(image), alt }))
  const isolations = isolationPictures(state)
  if (isolations.length > 0)
    return isolations.map(({ what, watermarked, thumbnail }) => ({
      thumbnail: address(thumbnail),
      full: address(watermarked),
      alt: what,
    }))
  return shownFiles(state).map(({ stage, watermarked, thumbnail }) => {
    counted[stage] += 1
    return { thumbnail: address(thumbnail), full: address(watermarked), alt: `${pagesText.stage[stage]} ${counted[stage]}` }
  })
}

export const markOf = ({ connection, account }: PageSession): string => sha256(`${connection}\n${account}`).slice(0, 16)

export const readerOf = ({ person, connection, account }: PageSession) => ({ person, account: { connection, account } })

/** May whoever is signed in see the subject at all? People of one site never see into another, whatever their ids are called. */
export const maySee = (on: Drawable, session: PageSession, { plant }: LoadedPlant): boolean =>
  on.state !== null && on.site === session.site && on.registered.workflow.maySee(on.state, readerOf(session), plant)

/** The card as it stands now for whoever is signed in. Null before the subject has a state. */
export const cardFor = (on: Drawable, session: PageSession, plant: LoadedPlant, at: Date): Card | null =>
  drawSubject(on, readerOf(session), { at, plantOf: () => plant, page: () => null })?.card ?? null

/** Permits whose rules are fixed have a form to print. */
const hasPaper = ({ registered, state }: Drawable): boolean =>
  registered.workflow.name === 'permit' && withPack.safeParse(state).success

/** The page of a subject for one reader. Pure. */
export const caseView = (
  on: Drawable,
  drawn: Card,
  about: { readonly session: PageSession; readonly plant: LoadedPlant; readonly history: readonly HistoryEntry[] },
): CaseView => {
  const { page: _, ...card } = drawn
  const { plant } = about.plant
  return {
    subject: on.id,
    revision: on.revision,
    reader: { name: plant.persons.get(about.session.person ?? '')?.name ?? pagesText.stranger, mark: markOf(about.session) },
    card: { ...card, pictures: picturesOf(on.id, on.state, drawn) },
    paper: hasPaper(on) ? `/api/cases/${on.id}/paper` : null,
    timeline: timeline(on.registered.workflow.name, about.history.slice(0, mostLines), plant, on.registered.words),
    earlier: about.history.length > mostLines,
  }
}
