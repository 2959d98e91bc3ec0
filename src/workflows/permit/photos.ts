import { later, minutes } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { fetchJob } from '../hazard/common.ts'
import { iso, isRefusal, senderOf, tell, toPerson } from '../pieces.ts'
import { accept, type Effect } from '../workflow.ts'
import { type Arm, partiesOf, whoIn } from './common.ts'
import type { IsolationPoint, PermitState } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'

/** Whoever pressed for a photo sends it within this time; later ones are a message like any other. Our own figure. */
export const photoWindow = minutes(30)

const withoutPhoto = ({ isolations }: PermitState): readonly IsolationPoint[] => isolations.filter(({ photo }) => photo === null)

/** The points that a person's next photos are of, in order: the one they pressed for, then those without one. A point whose photo is on its way comes last. */
const pointsFor = (state: PermitState, person: string): readonly IsolationPoint[] => {
  const asked = state.photographing?.[person]
  const onTheWay = new Set((state.photographs ?? []).map(({ point }) => point))
  const open = withoutPhoto(state).filter(({ id }) => !onTheWay.has(id))
  const first = state.isolations.filter(({ id }) => id === asked)
  return [...first, ...open.filter(({ id }) => id !== asked)]
}

/** 上传隔离照片 (4.2): the sender's next photos in this chat are of this point of isolation and of those after it that have none. */
export const photographIsolation: Arm<'photographIsolation'> = (state, { point: id }, facts) => {
  const by = whoIn(state, facts, ['measures'])
  if (isRefusal(by)) return by
  const sender = senderOf(facts)
  if (!sender || !partiesOf(state).includes(by.id)) return refuse('crew-only', { code: state.code })
  const named = id?.trim() ?? ''
  const point = named === '' ? withoutPhoto(state)[0] : state.isolations.find((one) => one.id === named)
  if (!point) return refuse('no-isolation-open', { code: state.code })
  const { account, conversation } = sender
  const expected: Effect = {
    ...{ kind: 'expect', from: account, conversation, takes: 'photos', command: 'addIsolationPhoto' },
    until: later(facts.at, photoWindow),
  }
  const event: PermitEvent = { type: 'isolationPhotoAsked', point: point.id, by: by.id, at: iso(facts.at) }
  return accept([event], [expected], 'isolation-photo-wanted', { code: state.code, point: point.what })
}

/** Photos that were asked for have come: each is fetched, kept and developed, and shown at its point when that is done. */
export const addIsolationPhoto: Arm<'addIsolationPhoto'> = (state, { files }, facts) => {
  const by = whoIn(state, facts, ['measures'])
  if (isRefusal(by)) return by
  if (!partiesOf(state).includes(by.id)) return refuse('crew-only', { code: state.code })
  const photos = files.filter(({ kind }) => kind === 'photo' || kind === 'file')
  const points = pointsFor(state, by.id)
  const pairs = photos.flatMap((file, index) => {
    const point = points[index]
    return point ? [{ file, point }] : []
  })
  if (photos.length === 0) return refuse('photo-only', { code: state.code })
  if (pairs.length === 0) return refuse('no-isolation-open', { code: state.code })
  const events = pairs.map(
    ({ file, point }): PermitEvent => ({
      type: 'isolationPhotoSent',
      file: file.id,
      point: point.id,
      by: by.id,
      at: iso(facts.at),
    }),
  )
  const jobs = pairs.map(({ file }): Effect => {
    const job = fetchJob(file, facts)
    return job.kind === 'job' ? { ...job, payload: { ...job.payload, workflow: 'permit' } } : job
  })
  return accept(events, jobs, 'isolation-photo-taken', {
    code: state.code,
    points: pairs.map(({ point }) => point.what).join('、'),
    left: String(withoutPhoto(state).filter(({ id }) => !pairs.some(({ point }) => point.id === id)).length),
  })
}

const waiting = ({ photographs }: PermitState, file: string) => photographs?.find((one) => one.file === file)

/** The workshop has developed a photo: it stands at its point. A point that was gone over meanwhile keeps the newest. */
export const storePhoto: Arm<'storePhoto'> = (state, { file, original, watermarked, thumbnail }, facts) => {
  const sent = waiting(state, file)
  if (!sent) return refuse('file-known', { code: state.code })
  const picture = { original, watermarked, thumbnail }
  return accept([{ type: 'isolationPhotographed', point: sent.point, photo: watermarked, at: iso(facts.at), file, picture }])
}

/** It is no photo, or could not be had: its point still has none, and whoever sent it hears why. */
export const refusePhoto: Arm<'refusePhoto'> = (state, { file, because }, facts) => {
  const sent = waiting(state, file)
  if (!sent) return refuse('file-known', { code: state.code })
  const point = state.isolations.find(({ id }) => id === sent.point)?.what ?? ''
  return accept(
    [{ type: 'isolationPhotoRefused', file, point: sent.point, because, at: iso(facts.at) }],
    [tell(toPerson(sent.by), `photo-${because}`, { code: state.code, point })],
  )
}
