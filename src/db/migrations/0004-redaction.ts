/** Which journal entries had somebody's identity taken out: the hash the entry was written under, the hash of what stands there now, who, when and why, keyed. */
export const up: readonly string[] = [
  `create table redaction (site text not null, subject text not null, seq integer not null, original text not null, redacted text not null, at timestamptz not null,
     by text not null, reason text not null, stand_in text not null, mac text not null, primary key (site, subject, seq, redacted))`,
]
