import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { inTransaction, openPool } from './db.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 1 })

test('a connection that dies at its beginning is given back', async () => {
  pool.once('acquire', client => {
    const { query } = client
    client.query = (() => {
      client.query = query
      return Promise.reject(new Error('gone'))
    }) as typeof query
  })
  await expect(inTransaction(pool, async () => 'done')).rejects.toThrow('gone')
  await expect(inTransaction(pool, async () => 'done')).resolves.toBe('done')
})

test('what failed is told, not that it could not be taken back', async () => {
  const broken = inTransaction(pool, async db => {
    await db.execute(sql`select pg_terminate_backend(pg_backend_pid())`).catch(() => {})
    throw new Error('the reason')
  })
  await expect(broken).rejects.toThrow('the reason')
  await expect(inTransaction(pool, async () => 'done')).resolves.toBe('done')
})

test('nothing stays of what failed', async () => {
  await pool.query('create table kept (n int)')
  const failing = inTransaction(pool, async db => {
    await db.execute(sql`insert into kept values (1)`)
    await db.transaction(async inner => void (await inner.execute(sql`insert into kept values (2)`)))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect((await pool.query('select * from kept')).rows).toEqual([])
})
