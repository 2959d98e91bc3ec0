/** Reference: bare Hono that reads the body and makes one durable INSERT per request, on a pool of ten connections; nothing is verified or decided. */
import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import pg from 'pg'

type Insert = (key: string, body: string) => Promise<unknown>
const table = 'create table if not exists event (key text primary key, body text not null, at timestamptz not null default now())'
const insert = 'insert into event (key, body) values ($1, $2) on conflict do nothing'

const onPostgres = async (url: string): Promise<Insert> => {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  await pool.query(table)
  return (key, body) => pool.query({ name: 'insert', text: insert, values: [key, body] })
}
const onPglite = async (): Promise<Insert> => {
  const client = await PGlite.create(join(mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'hono-')), 'db'))
  await client.exec(table)
  return (key, body) => client.query(insert, [key, body])
}

const url = process.env.DATABASE_URL
const write = url ? await onPostgres(url) : await onPglite()
const app = new Hono().post('/hooks/:connection', async (c) => {
  const body = await c.req.text()
  await write(createHash('sha256').update(body).digest('hex'), body)
  return c.json({})
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`ready ${port}`))
