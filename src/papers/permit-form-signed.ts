import { permitText } from '../cards/text/permit.ts'
import { paperText as text } from '../cards/text/permit-paper.ts'
import { fill } from '../cards/words.ts'
import type { PermitState, Signature } from '../workflows/permit/permit.ts'
import { cell, centred, head, type PaperBlock, type PaperRow } from './paper.ts'
import type { Given } from './permit-form.ts'

/** How somebody proved who they were and that they stood there. */
const proofOf = ({ proof, factor }: Signature, { time }: Given): string => {
  const { proof: words } = text
  const who = factor === null ? words.login : `${words.login} + ${words.pin}`
  if (!proof) return who
  const where = fill(words.site, {
    how: words.how[proof.how],
    lat: proof.lat?.toFixed(6) ?? '—',
    lng: proof.lng?.toFixed(6) ?? '—',
    accuracy: proof.accuracy === null ? '—' : String(Math.round(proof.accuracy)),
    at: time(proof.at),
  })
  return [who, where, ...(proof.photo ? [fill(words.photo, { photo: proof.photo })] : [])].join('\n')
}

/** All nodes of the chain in order, signed or not: what is missing shows. */
export const signatureBlock = (given: Given): PaperBlock => {
  const { state, time, name } = given
  const { signatures: words } = text
  const rows = state.chain.map((step): PaperRow => {
    const signed = state.signatures.find(({ node }) => node === step.id)
    return [
      cell(`${step.label}（${step.clause}）`, 6),
      centred(signed ? words.agree : words.open, 2),
      centred(signed ? name(signed.by) : '', 3),
      centred(signed ? time(signed.at) : '', 4),
      cell(signed ? proofOf(signed, given) : '', 9),
    ]
  })
  return {
    title: text.blocks.signatures,
    head: [head(words.node, 6), head(words.opinion, 2), head(words.by, 3), head(words.at, 4), head(words.proof, 9)],
    rows,
  }
}

type Happened = { readonly at: string; readonly what: string; readonly who: string; readonly note: string }

const stopsOf = ({ state, name }: Given): readonly Happened[] =>
  state.suspensions.flatMap(({ at, by, because, detail, endedAt }) => [
    {
      at,
      what: fill(text.run.suspended, { reason: permitText.reasons[because] }),
      who: by ? name(by) : text.run.system,
      note: detail,
    },
    ...(endedAt === null ? [] : [{ at: endedAt, what: text.run.resumed, who: name(state.crew?.workLeader ?? null), note: '' }]),
  ])

const endOf = ({ status, endedAt, ending }: PermitState): readonly Happened[] =>
  endedAt === null
    ? []
    : [{ at: endedAt, what: fill(text.run.ended, { status: permitText.status[status] }), who: '', note: ending ?? '' }]

/** What became of the work, in order. */
export const runBlock = (given: Given): PaperBlock => {
  const { state, rules, time, name } = given
  const { run } = text
  const need = (id: string): string => rules.startNeeds.find((one) => one.id === id)?.text ?? id
  const { startedAt, completed } = state
  const happened: readonly Happened[] = [
    ...state.declared.map(({ id, by, at }) => ({ at, what: fill(run.declared, { need: need(id) }), who: name(by), note: '' })),
    ...(startedAt === null ? [] : [{ at: startedAt, what: run.started, who: name(state.crew?.workLeader ?? null), note: '' }]),
    ...stopsOf(given),
    ...(completed
      ? [
          {
            at: completed.at,
            what: run.completed,
            who: name(completed.by),
            note: fill(run.counted, { people: String(completed.people), tools: String(completed.tools), note: completed.note }),
          },
        ]
      : []),
    ...endOf(state),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const rows = happened.map(
    ({ at, what, who, note }): PaperRow => [centred(time(at), 4), cell(what, 8), centred(who, 3), cell(note, 9)],
  )
  const open = state.endedAt === null ? [[centred(startedAt === null ? run.none : run.open, 24)]] : []
  return {
    title: text.blocks.run,
    head: [head(run.at, 4), head(run.event, 8), head(run.who, 3), head(run.note, 9)],
    rows: [...rows, ...open],
  }
}
