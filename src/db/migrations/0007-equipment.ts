/** The equipment of an area, as JSON: a list of `{id, name}`. */
export const up: readonly string[] = [`alter table area add column equipment text not null default '[]'`]
