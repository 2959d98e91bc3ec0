/**
 * The first schema. Keys lead with the site where a row belongs to one, so that a large installation can be partitioned by site.
 * Instants are business time (the movable clock) unless the column ends in `_real`, which is the database's own `now()`.
 * Journal, state and effects are kept as `text`, not `jsonb`: what is hashed must come back byte for byte.
 */
export const up: readonly string[] = [
  `create table meta (key text primary key, value text not null)`,
  `create table clock (id boolean primary key default true check (id), offset_ms bigint not null default 0)`,
  `insert into clock default values`,

  `create table site (id text primary key, name text not null, time_zone text not null, revision bigint not null default 1)`,
  `create table area (site text not null, id text not null, name text not null, aliases text not null, owner text, team text not null,
     lat double precision, lng double precision, radius_metres double precision, primary key (site, id))`,
  `create table person (site text not null, id text not null, name text not null, job text not null, team text not null, company text not null,
     employee_no text, mobile text, active boolean not null default true, primary key (site, id))`,
  `create table role_holder (site text not null, role text not null, scope text not null, person text not null, primary key (site, role, scope, person))`,
  `create table account (connection text not null, account text not null, site text not null, person text, name text not null default '',
     proof text, state text not null default 'active', linked_at timestamptz, seen_at timestamptz, primary key (connection, account))`,
  `create index account_person on account (site, person) where person is not null`,

  `create table inbox (connection text not null, key text not null, alias text, kind text not null, account text not null default '',
     conversation text not null default '', arrived_at timestamptz not null, outcome text not null default 'decided', subject text, note text, raw text,
     primary key (connection, key))`,
  `create unique index inbox_alias on inbox (connection, alias) where alias is not null`,
  `create index inbox_quarantined on inbox (arrived_at) where outcome = 'quarantined'`,

  `create table subject (site text not null, id text not null, workflow text not null, code text not null, status text not null, open boolean not null,
     revision integer not null, state text not null, head text not null, owner text, opened_at timestamptz not null, changed_at timestamptz not null,
     primary key (site, id))`,
  `create unique index subject_id on subject (id)`,
  `create unique index subject_code on subject (code, site)`,
  `create index subject_open on subject (changed_at, id) where open`,
  `create table journal (site text not null, subject text not null, seq integer not null, at timestamptz not null, actor text not null, arrival text not null,
     version integer not null, event text not null, prev text not null, hash text not null, primary key (site, subject, seq))`,
  `create table seal (lane text not null, seq bigint not null, at timestamptz not null, body text not null, prev text not null, hash text not null, primary key (lane, seq))`,
  `create table code_counter (site text not null, prefix text not null, day text not null, n bigint not null, primary key (site, prefix, day))`,

  `create table deadline (site text not null, subject text not null, tag text not null, id text not null, due_at timestamptz not null, command text not null,
     tries integer not null default 0, primary key (site, subject, tag))`,
  `create index deadline_due on deadline (due_at, id)`,

  `create table effect (site text not null, id text not null, subject text not null, revision integer not null, kind text not null,
     person text, connection text, account text, conversation text, payload text not null, urgent boolean not null default false,
     due_at timestamptz not null, created_at timestamptz not null, state text not null default 'waiting', attempts integer not null default 0,
     maybe_sent boolean not null default false, first_tried_at timestamptz, fence bigint not null default 0, lease_owner text, leased_real timestamptz,
     done_at timestamptz, message text, error text, primary key (site, id))`,
  `create index effect_waiting on effect (urgent desc, due_at, id) where state = 'waiting'`,
  `create index effect_leased on effect (lease_owner) where state = 'leased'`,
  `create index effect_dead on effect (done_at) where state = 'dead'`,
  `create index effect_subject on effect (subject)`,
  `create table delivery (site text not null, effect text not null, attempt integer not null, connection text not null, account text not null, at timestamptz not null,
     outcome text not null, message text, lost text, detail text, primary key (site, effect, attempt))`,

  `create table live_card (site text not null, id text not null, subject text not null, person text, connection text not null, account text not null,
     conversation text, message text not null, handle text, drawn_rev integer not null, wanted_rev integer not null, drawn_hash text not null,
     state text not null default 'live', sent_at timestamptz not null, hold_real timestamptz, tries integer not null default 0, due_at timestamptz not null,
     lease_owner text, fence bigint not null default 0, primary key (site, id))`,
  `create index live_card_subject on live_card (subject) where state in ('live', 'spent')`,
  `create unique index live_card_message on live_card (connection, message)`,
  `create index live_card_behind on live_card (due_at) where state = 'live' and wanted_rev > drawn_rev`,

  `create table expectation (connection text not null, account text not null, conversation text not null, subject text not null, command text not null,
     workflow text not null, takes text not null, until timestamptz not null, primary key (connection, account, conversation, subject, command))`,
  `create index expectation_subject on expectation (subject)`,
  `create table held (id text primary key, connection text not null, account text not null, conversation text not null, body text not null, at timestamptz not null)`,
  `create table link_code (hash text primary key, subject text not null, until timestamptz not null)`,

  `create table image_key (connection text not null, image text not null, key text not null, at timestamptz not null, primary key (connection, image))`,
  `create table token (connection text not null, name text not null, sealed text, expires_at timestamptz, fetching_by text, fetching_real timestamptz,
     primary key (connection, name))`,
  `create table replica (id text primary key, started_real timestamptz not null default now(), beat_real timestamptz not null default now(), runtime text not null)`,
  `create table beat (name text primary key, at timestamptz not null, at_real timestamptz not null default now(), note text not null default '')`,
  `create table page_link (nonce text primary key, used_at timestamptz not null, session text not null)`,
  `create table page_session (id text primary key, site text not null, connection text not null, account text not null, person text, until timestamptz not null)`,
  `create table alarm (site text not null, id text not null, because text not null, vals text not null, at timestamptz not null, cleared_at timestamptz, primary key (site, id))`,
]
