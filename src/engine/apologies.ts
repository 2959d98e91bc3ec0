import { commonText } from '../cards/text/common.ts'
import { newId } from '../lib/id.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { EngineParts } from './parts.ts'

/** More presses than this cannot fail between two looks at a healthy database; beyond it the oldest are forgotten. */
const most = 1_000

export type Apologies = {
  /** Notes a press that was not recorded and whose platform cannot say so in the answer. */
  readonly note: (arrival: Arrival, outcome: Outcome) => void
  /** Sends what was noted, once the database takes it. Gives how many. */
  readonly flush: () => Promise<number>
}

/**
 * Presses are not redelivered by the platforms, and neither is a message that was taken and then quarantined: whoever pressed in vain hears it, in the answer where the door can, else by a message after recovery. */
export const createApologies = (parts: EngineParts): Apologies => {
  let owed: { site: string; connection: string; account: string; key: string; words: string }[] = []
  return {
    note: (arrival, { kind }) => {
      if (kind !== 'busy' && kind !== 'undecided' && kind !== 'quarantined') return
      if (arrival.source !== 'platform') return
      const { incoming } = arrival
      const { connection, account, key } = incoming
      const unheard =
        incoming.kind === 'press'
          ? !parts.platforms.get(connection)?.can.answer.toast
          : incoming.kind === 'message' && kind === 'quarantined'
      if (!unheard || account === '') return
      const words = incoming.kind === 'press' ? commonText.notRecorded : commonText.messageNotRecorded
      owed = [...owed.slice(-most + 1), { site: arrival.site, connection, account, key, words }]
    },
    flush: async () => {
      if (owed.length === 0) return 0
      const now = owed
      const at = parts.clock.now()
      const known = await parts.database.db
        .selectFrom('inbox')
        .select(['connection', 'key'])
        .where('outcome', '!=', 'quarantined')
        .where(
          'key',
          'in',
          now.map(({ key }) => key),
        )
        .execute()
      const vain = now.filter((one) => !known.some((row) => row.connection === one.connection && row.key === one.key))
      const rows = vain.map(({ site, connection, account, words }) => ({
        site,
        id: newId('eff', at),
        subject: '',
        revision: 0,
        kind: 'text',
        person: null,
        connection,
        account,
        conversation: null,
        payload: JSON.stringify({ text: words }),
        urgent: true,
        due_at: at,
        created_at: at,
        lease_owner: null,
      }))
      if (rows.length > 0) await parts.database.db.insertInto('effect').values(rows).execute()
      owed = owed.filter((one) => !now.includes(one))
      return rows.length
    },
  }
}
