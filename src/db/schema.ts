import type { ColumnType, Generated } from 'kysely'

type Instant = ColumnType<Date, Date | string, Date | string>
type MaybeInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** 64-bit integers arrive as text or number by driver; read them with `Number`. */
type Big = ColumnType<number | string, number, number>

export type Schema = {
  meta: { key: string; value: string }
  clock: { id: Generated<boolean>; offset_ms: Big }
  site: { id: string; name: string; time_zone: string; revision: Generated<number | string>; settings: Generated<string> }
  area: {
    site: string
    id: string
    name: string
    aliases: string
    owner: string | null
    team: string
    lat: number | null
    lng: number | null
    radius_metres: number | null
    equipment: Generated<string>
  }
  person: {
    site: string
    id: string
    name: string
    job: string
    team: string
    company: string
    employee_no: string | null
    mobile: string | null
    active: Generated<boolean>
  }
  certificate: {
    site: string
    id: string
    person: string
    trade: string
    number_sealed: string
    number_hash: string
    number_masked: string
    issued_on: string
    valid_until: string
    review_due: string | null
    reviewed_on: string | null
    authority: string
    status: string
    practised_on: string | null
    fit: boolean | null
    fit_until: string | null
    imported_at: Instant
  }
  role_holder: { site: string; role: string; scope: string; person: string }
  account: {
    connection: string
    account: string
    site: string
    person: string | null
    name: Generated<string>
    proof: string | null
    state: Generated<string>
    linked_at: MaybeInstant
    seen_at: MaybeInstant
  }
  inbox: {
    connection: string
    key: string
    alias: string | null
    kind: string
    account: Generated<string>
    conversation: Generated<string>
    arrived_at: Instant
    outcome: Generated<string>
    subject: string | null
    note: string | null
    raw: string | null
  }
  subject: {
    site: string
    id: string
    workflow: string
    code: string
    status: string
    open: boolean
    revision: number
    state: string
    head: string
    owner: string | null
    opened_at: Instant
    changed_at: Instant
  }
  journal: {
    site: string
    subject: string
    seq: number
    at: Instant
    actor: string
    arrival: string
    version: number
    event: string
    prev: string
    hash: string
  }
  redaction: {
    site: string
    subject: string
    seq: number
    original: string
    redacted: string
    at: Instant
    by: string
    reason: string
    stand_in: string
    mac: string
  }
  seal: { lane: string; seq: Big; at: Instant; body: string; prev: string; hash: string }
  code_counter: { site: string; prefix: string; day: string; n: Big }
  deadline: { site: string; subject: string; tag: string; id: string; due_at: Instant; command: string; tries: Generated<number> }
  effect: {
    site: string
    id: string
    subject: string
    revision: number
    kind: string
    person: string | null
    connection: string | null
    account: string | null
    conversation: string | null
    payload: string
    urgent: Generated<boolean>
    due_at: Instant
    created_at: Instant
    state: Generated<string>
    attempts: Generated<number>
    maybe_sent: Generated<boolean>
    first_tried_at: MaybeInstant
    fence: Generated<number | string>
    lease_owner: string | null
    leased_real: MaybeInstant
    done_at: MaybeInstant
    message: string | null
    error: string | null
  }
  delivery: {
    site: string
    effect: string
    attempt: number
    connection: string
    account: string
    at: Instant
    outcome: string
    message: string | null
    lost: string | null
    detail: string | null
  }
  live_card: {
    site: string
    id: string
    subject: string
    person: string | null
    connection: string
    account: string
    conversation: string | null
    message: string
    handle: string | null
    drawn_rev: number
    wanted_rev: number
    drawn_hash: string
    state: Generated<string>
    sent_at: Instant
    hold_real: MaybeInstant
    tries: Generated<number>
    due_at: Instant
    lease_owner: string | null
    fence: Generated<number | string>
    effect: Generated<string | null>
  }
  expectation: {
    connection: string
    account: string
    conversation: string
    subject: string
    command: string
    workflow: string
    takes: string
    until: Instant
  }
  held: { id: string; connection: string; account: string; conversation: string; body: string; at: Instant }
  link_code: { hash: string; subject: string; until: Instant }
  image_key: { connection: string; image: string; key: string; at: Instant }
  token: {
    connection: string
    name: string
    sealed: string | null
    expires_at: MaybeInstant
    fetching_by: string | null
    fetching_real: MaybeInstant
  }
  replica: { id: string; started_real: Generated<Date>; beat_real: Generated<Date>; runtime: string }
  beat: { name: string; at: Instant; at_real: Generated<Date>; note: Generated<string> }
  page_link: { nonce: string; used_at: Instant; session: string }
  page_session: {
    id: string
    site: string
    connection: string
    account: string
    person: string | null
    until: Instant
    subjects: Generated<string | null>
  }
  subject_index: { site: string; name: string; key: string; subject: string; at: Instant; weight: Big; note: string }
  tally: { site: string; name: string; key: string; n: Big }
  guard: { site: string; key: string }
  receipt: { site: string; effect: string; connection: string; account: string; person: string | null; how: string; at: Instant }
  bucket: { connection: string; endpoint: string; levels: string; at_real: Generated<Date> }
  alert_count: { site: string; person: string; slot: Big; n: number }
  collapsed: { site: string; person: string; effect: string; digest: string; subject: string; words: string; at: Instant }
  alarm: { site: string; id: string; because: string; vals: string; at: Instant; cleared_at: MaybeInstant }
}
