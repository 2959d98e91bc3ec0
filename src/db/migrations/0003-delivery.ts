/**
 * What delivery needs: who was reached and how, rates shared by replicas, notices held back for a digest, sessions bound to a case.
 * A line of the ledger is an attempt at an account: one attempt may go through several.
 */
export const up: readonly string[] = [
  `alter table delivery drop constraint delivery_pkey`,
  `alter table delivery add primary key (site, effect, attempt, connection, account)`,
  `alter table live_card add column effect text`,
  `create table receipt (site text not null, effect text not null, connection text not null, account text not null, person text, how text not null,
     at timestamptz not null, primary key (site, effect, connection, account, how))`,
  `create table bucket (connection text not null, endpoint text not null, levels text not null, at_real timestamptz not null default now(),
     primary key (connection, endpoint))`,
  `create table alert_count (site text not null, person text not null, slot bigint not null, n integer not null, primary key (site, person, slot))`,
  `create table collapsed (site text not null, person text not null, effect text not null, digest text not null, subject text not null, words text not null,
     at timestamptz not null, primary key (site, effect))`,
  `create index collapsed_digest on collapsed (digest)`,
  `alter table page_session add column subjects text`,
]
