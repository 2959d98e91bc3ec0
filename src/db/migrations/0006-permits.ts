/** What a site says of itself besides its people and places: its profile and what it asks of permits beyond the rule packs, as JSON. */
export const up: readonly string[] = [`alter table site add column settings text not null default '{}'`]
