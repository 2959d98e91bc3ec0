import type { Handle } from '../db/database.ts'
import { linkSubject } from '../workflows/link/workflow.ts'
import type { Report } from './findings.ts'

const pageSize = 1_000
/** Proofs that a request of the account's own has in its journal; the organisation file stands for itself. */
const journaled = new Set(['directory', 'code', 'administrator'])

type Account = {
  readonly connection: string
  readonly account: string
  readonly person: string | null
  readonly proof: string | null
}
type Said = { readonly status: string; readonly person: string | null; readonly proof: string | null }

/** What a request's state says; its state has been held against its journal before. Null when it cannot be read. */
const saidBy = (state: string): Said | null => {
  try {
    const { status, person, proof } = JSON.parse(state) as Partial<Said>
    return { status: String(status), person: person ?? null, proof: proof ?? null }
  } catch {
    return null
  }
}

const accountsAfter = (handle: Handle, after: Account | null): Promise<readonly Account[]> => {
  const all = handle.selectFrom('account').select(['connection', 'account', 'person', 'proof'])
  const rest = after
    ? all.where((where) =>
        where.or([
          where('connection', '>', after.connection),
          where.and([where('connection', '=', after.connection), where('account', '>', after.account)]),
        ]),
      )
    : all
  return rest.orderBy('connection').orderBy('account').limit(pageSize).execute()
}

const statesOf = async (handle: Handle, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await handle.selectFrom('subject').select(['id', 'state']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, state }) => [id, state]))
}

const nameOf = ({ connection, account }: Account): string => `account ${connection} ${account}`

const checkAccount = (one: Account, state: string | undefined, report: Report): void => {
  if (one.person === null || one.proof === null || !journaled.has(one.proof)) return
  const said = state === undefined ? null : saidBy(state)
  if (said?.status === 'linked' && said.person === one.person && said.proof === one.proof) return
  const words =
    said === null ? 'nothing: there is none' : said.person === null ? said.status : `${said.person} by «${said.proof}»`
  report('link-unproved', nameOf(one), { person: one.person, proof: one.proof, said: words })
}

/** Is each account linked to whom the journal of its own request says? Whoever changes a link in the database gains a person, and with them a role. */
const verifyAccounts = async (handle: Handle, report: Report): Promise<void> => {
  let last: Account | null = null
  for (;;) {
    const page: readonly Account[] = await accountsAfter(handle, last)
    if (page.length === 0) return
    const states = await statesOf(handle, page.map(linkSubject))
    for (const one of page) checkAccount(one, states.get(linkSubject(one)), report)
    last = page[page.length - 1] ?? null
  }
}

/** And the reverse: whom a journal links must still be linked, unless the organisation file has said otherwise since. */
const verifyRequests = async (handle: Handle, report: Report): Promise<void> => {
  for (let last = ''; ; ) {
    const page = await handle
      .selectFrom('subject')
      .select(['id', 'state'])
      .where('workflow', '=', 'link')
      .where('status', '=', 'linked')
      .where('id', '>', last)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    if (page.length === 0) return
    for (const { id, state } of page) await checkRequest(handle, id, state, report)
    last = page[page.length - 1]?.id ?? ''
  }
}

const checkRequest = async (handle: Handle, id: string, state: string, report: Report): Promise<void> => {
  const said = saidBy(state)
  const { account } = JSON.parse(state) as { readonly account: { readonly connection: string; readonly account: string } }
  const held = await handle
    .selectFrom('account')
    .select(['person', 'proof'])
    .where('connection', '=', account.connection)
    .where('account', '=', account.account)
    .executeTakeFirst()
  if (!said?.person || held?.proof === 'organisation-file' || held?.person === said.person) return
  report('link-lost', id, { person: said.person, held: held?.person ?? 'nobody' })
}

export const verifyLinks = async (handle: Handle, report: Report): Promise<void> => {
  await verifyAccounts(handle, report)
  await verifyRequests(handle, report)
}
