import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { poolerKind, startPooler } from '../support/pgbouncer.ts'
import { createDatabase } from '../support/postgres.ts'
import { startSharedConnection } from '../support/shared-connection.ts'

const database = await createDatabase()
afterAll(() => database.drop())

const sha = (value: string): string => createHash('sha256').update(value).digest('hex')

describe.each([
  [poolerKind, startPooler],
  ['our own pooler with one shared connection', startSharedConnection],
] as const)('the pooler of the tests: %s', (_, start) => {
  test('transactions of many clients do not mix, and a broken client leaves nothing behind', async () => {
    const pooler = await start(database.url)
    const pool = new pg.Pool({ connectionString: pooler.url, max: 12 })
    pool.on('error', () => {})
    const table = `t_${sha(pooler.url).slice(0, 8)}`
    await pool.query(`create table ${table} (n integer primary key, body text not null)`)
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const client = await pool.connect()
        await client.query('begin')
        await client.query(`insert into ${table} values ($1, $2)`, [n, sha(String(n))])
        if (n % 4 === 3) return client.release(true)
        await client.query(n % 4 === 2 ? 'rollback' : 'commit')
        client.release()
      }),
    )
    const { rows } = await pool.query<{ n: number; body: string }>(`select * from ${table} order by n`)
    expect(rows).toEqual(
      Array.from({ length: 40 }, (_, n) => n)
        .filter((n) => n % 4 < 2)
        .map((n) => ({ n, body: sha(String(n)) })),
    )
    await pool.end()
    await pooler.close()
  })

  test('a large answer and an error reach the client whole', async () => {
    const pooler = await start(database.url)
    const pool = new pg.Pool({ connectionString: pooler.url, max: 2 })
    const { rows } = await pool.query<{ body: string }>(`select repeat('字', 400000) as body`)
    expect(rows[0]?.body.length).toBe(400_000)
    await expect(pool.query('select 1/0')).rejects.toThrow('division by zero')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
    await pooler.close()
  })
})
