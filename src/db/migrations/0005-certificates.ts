/**
 * Certificates of people. The number embeds an identity number: it stands here sealed, as a keyed hash to find it by, and masked to be shown. Dates are days of
 * the site's own calendar, `YYYY-MM-DD`. All certificates of a person may bear one number, so a certificate is told by number and trade.
 */
export const up: readonly string[] = [
  `create table certificate (site text not null, id text not null, person text not null, trade text not null, number_sealed text not null, number_hash text not null,
     number_masked text not null, issued_on text not null, valid_until text not null, review_due text, reviewed_on text, authority text not null,
     status text not null, practised_on text, fit boolean, fit_until text, imported_at timestamptz not null, primary key (site, id),
     unique (site, number_hash, trade))`,
  `create index certificate_person on certificate (site, person)`,
]
