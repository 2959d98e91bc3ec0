/** What is found by something else than its id, counters, and rows that are only locked. Projections of the states; empty for what an earlier release wrote until it changes. */
export const up: readonly string[] = [
  `create table subject_index (site text not null, name text not null, key text not null, subject text not null, at timestamptz not null,
     weight bigint not null default 0, note text not null default '', primary key (site, name, key, subject))`,
  `create index subject_index_newest on subject_index (site, name, key, at desc)`,
  `create index subject_index_subject on subject_index (subject)`,
  `create table tally (site text not null, name text not null, key text not null, n bigint not null, primary key (site, name, key))`,
  `create table guard (site text not null, key text not null, primary key (site, key))`,
]
