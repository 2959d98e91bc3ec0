import { readFileSync } from 'node:fs'
import { type Config, ConfigError } from './config.ts'
import type { Database } from './db/database.ts'
import { inZone } from './lib/clock.ts'
import { sha256 } from './lib/crypto.ts'
import { movedToToday } from './people/certificates-demo.ts'
import { readCertificateFile } from './people/certificates-file.ts'
import { importCertificates } from './people/certificates-import.ts'
import { importOrganisation, organisationFile } from './people/organisation.ts'

/**
 * Takes the demo's certificates in, once for each content of the file: their dates are moved to the day of the first start, and stay there when the demo's clock
 * is moved. Throws ConfigError when the file does not fit the plant.
 */
const importDemoCertificates = async (
  { db }: Database,
  config: Config,
  about: { readonly site: string; readonly at: Date },
): Promise<void> => {
  if (config.certificates === null) return
  const { site, at } = about
  const bytes = readFileSync(config.certificates)
  const [key, value] = [`certificates:${site}`, sha256(bytes)]
  const known = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  if (known?.value === value) return
  const { rows, problems } = readCertificateFile(bytes)
  const { time_zone } = await db.selectFrom('site').select('time_zone').where('id', '=', site).executeTakeFirstOrThrow()
  const on = inZone(at, time_zone).date
  await db.transaction().execute(async (tx) => {
    const imported = await importCertificates(tx, { site, secret: config.secret, at, on }, movedToToday(rows, on))
    const [wrong] = [...problems, ...imported.problems]
    if (wrong)
      throw new ConfigError(`The certificates ${config.certificates} do not fit the plant (row ${wrong.row}: ${wrong.because}).`)
    await tx
      .insertInto('meta')
      .values({ key, value })
      .onConflict((row) => row.column('key').doUpdateSet({ value }))
      .execute()
  })
}

const importOrganisationFile = async (database: Database, config: Config, at: Date): Promise<string> => {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(config.organisation, 'utf8'))
  } catch (error) {
    throw new ConfigError(
      `The organisation file ${config.organisation} cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`,
    )
  }
  const parsed = organisationFile.safeParse(raw)
  if (!parsed.success) throw new ConfigError(`The organisation file ${config.organisation} is not valid: ${parsed.error.message}`)
  const key = `organisation:${parsed.data.site.id}`
  const hash = sha256(JSON.stringify(parsed.data))
  const known = await database.db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  if (known?.value === hash) return parsed.data.site.id
  await database.db.transaction().execute(async (tx) => {
    await importOrganisation(tx, parsed.data, at)
    await tx
      .insertInto('meta')
      .values({ key, value: hash })
      .onConflict((row) => row.column('key').doUpdateSet({ value: hash }))
      .execute()
  })
  return parsed.data.site.id
}

/** Brings the database to what the organisation file says, and the demo's to its certificates. Gives the site. Throws ConfigError when a file cannot be used. */
export const importSite = async (database: Database, config: Config, at: Date): Promise<string> => {
  const site = await importOrganisationFile(database, config, at)
  await importDemoCertificates(database, config, { site, at })
  return site
}
