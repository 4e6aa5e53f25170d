import { createHmac } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type pg from 'pg'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { anchorAudit, readAnchor, recordAudit, sealAudit, verifyAudit } from './audit.ts'
import { uuidv7 } from './columns.ts'
import { system } from './context.ts'
import { openDb, openPool } from './db.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 60 })
const db = openDb(pool)
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-audit-'))
const key = Buffer.alloc(32, 1)
const now = new Date('2026-11-21T10:00:00.123Z')

afterAll(async () => {
  await pool.end()
  await database.drop()
  fs.rmSync(dataDir, { recursive: true, force: true })
})

// These tests need the whole chain; they alone in the house begin with an empty table.
beforeEach(async () => {
  await asOwner('truncate audit_entries')
  fs.rmSync(path.join(dataDir, 'audit-anchor.json'), { force: true })
})

const note = (action = 'channel.changed') => ({
  action,
  object: `channel:${uuidv7()}`,
  fields: ['secret', 'name'],
})
const write = (count: number) =>
  recordAudit(
    db,
    system,
    now,
    Array.from({ length: count }, () => note()),
  )
const writeMany = (count: number) =>
  pool.query(`insert into audit_entries (id, at, actor_kind, action, object, fields)
    select gen_random_uuid(), now(), 'system', 'channel.changed', 'channel:' || i, '{}' from generate_series(1, ${count}) as i`)

const verify = (anchor = readAnchor(dataDir)) => verifyAudit(pool, [key], anchor)

/** Seals until as many are; a transaction open anywhere on the server, in another test file say, holds it up. */
async function sealAll(count: number, by = key) {
  let sealed = 0
  await expect
    .poll(
      async () => {
        sealed += await sealAudit(pool, by)
        return sealed
      },
      { timeout: 10_000 },
    )
    .toBe(count)
}

async function writeSealed(count: number) {
  await write(count)
  await sealAll(count)
}

/** A connection of its own, gone afterwards with whatever it held. */
async function holding(work: (client: pg.PoolClient) => Promise<void>) {
  const client = await pool.connect()
  try {
    await work(client)
  } finally {
    client.release(true)
  }
}

/** What somebody with every right in the database, but without the key, can do. */
async function asOwner(...statements: string[]) {
  await pool.query(`begin; alter table audit_entries disable trigger user; ${statements.join(';')};
    alter table audit_entries enable trigger user; commit`)
}

describe('an audit entry', () => {
  test('is in the chain once its transaction has committed and the sealer came by', async () => {
    await write(3)
    expect(await verify()).toEqual({ ok: true, entries: 0 })
    await sealAll(3)
    expect(await sealAudit(pool, key)).toBe(0)
    expect(await verify()).toEqual({ ok: true, entries: 3 })
  })

  test('of a transaction that is rolled back was never there', async () => {
    await db
      .transaction(async transaction => {
        await recordAudit(transaction, system, now, [note()])
        throw new Error('changed my mind')
      })
      .catch(() => {})
    expect(await sealAudit(pool, key)).toBe(0)
  })

  test('is chained as documented: HMAC-SHA256 over the hash before it and the entry', async () => {
    await recordAudit(db, system, now, [
      { action: 'role.changed', object: 'role:42', fields: ['permissions'] },
    ])
    await sealAll(1)
    const { rows } = await pool.query('select id, prev_hash, hash from audit_entries')
    const entry = [
      1,
      rows[0].id,
      '2026-11-21T10:00:00.123Z',
      'system',
      null,
      'role.changed',
      'role:42',
      ['permissions'],
    ]
    const expected = createHmac('sha256', key)
      .update(Buffer.alloc(32))
      .update(JSON.stringify(entry))
      .digest('hex')
    expect(rows[0].prev_hash).toEqual(Buffer.alloc(32))
    expect(rows[0].hash.toString('hex')).toBe(expected)
  })

  test.each([
    { action: 'customer.changed', object: 'customer:ada@example.com', fields: [] },
    { action: 'customer.changed', object: 'Ada Lovelace', fields: [] },
    { action: 'Ada called', object: 'customer:1', fields: [] },
    { action: 'customer.changed', object: 'customer:1', fields: ['name = Ada'] },
    { action: 'customer.changed', object: 'customer:1', fields: ['+49 151 1234567'] },
  ])('holds ids and field names, nothing of a person: %o is refused', async personal => {
    await expect(recordAudit(db, system, now, [personal])).rejects.toThrow('ids and field names only')
  })

  test('may not be changed or deleted by the application, sealed or not', async () => {
    await write(1)
    const refused = expect.objectContaining({ code: '42501' })
    for (const seal of [() => sealAll(1), () => {}]) {
      await expect(pool.query("update audit_entries set action = 'nothing.happened'")).rejects.toEqual(
        refused,
      )
      await expect(pool.query('delete from audit_entries')).rejects.toEqual(refused)
      await expect(pool.query('truncate audit_entries')).rejects.toEqual(refused)
      await seal()
    }
    await expect(pool.query('update audit_entries set n = null')).rejects.toEqual(refused)
  })
})

describe('the sealer', () => {
  test('waits for a transaction that began earlier and is still open, so that nothing slips in before', async () => {
    await holding(async slow => {
      await slow.query('begin')
      await recordAudit(openDb(slow as never), system, now, [note('slow.began')])
      await write(1)
      expect(await sealAudit(pool, key)).toBe(0)
      await slow.query('commit')
    })
    await sealAll(2)
    const { rows } = await pool.query('select action from audit_entries order by n')
    expect(rows.map(row => row.action)).toEqual(['slow.began', 'channel.changed'])
  })

  test('leaves the work to whoever holds the lock', async () => {
    await write(1)
    await holding(async other => {
      await other.query(`begin; select pg_advisory_xact_lock(${0x0afa_0003})`)
      expect(await sealAudit(pool, key)).toBe(0)
      await other.query('rollback')
    })
    await sealAll(1)
  })

  test('takes up entries restored from another server, whose transactions this one has not reached', async () => {
    await write(2)
    await asOwner(`update audit_entries set xid = '9000000000'`)
    await sealAll(2)
  })

  test('makes one chain without gaps of what 50 writers and 4 sealers do at once', async () => {
    let writing = true
    const sealers = Array.from({ length: 4 }, async () => {
      while (writing) await sealAudit(pool, key)
    })
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (let i = 0; i < 6; i++)
          await db.transaction(transaction => recordAudit(transaction, system, now, [note()]))
      }),
    )
    writing = false
    await Promise.all(sealers)
    await expect
      .poll(() => sealAudit(pool, key).then(() => verify()), { timeout: 10_000 })
      .toEqual({ ok: true, entries: 300 })
  })

  test('goes on in batches until nothing is left', async () => {
    await writeMany(2_500)
    await sealAll(2_500)
    expect(await verify()).toEqual({ ok: true, entries: 2_500 })
  })
})

describe('tampering is found, with the first entry that does not hold:', () => {
  const seven = 'from (select * from audit_entries where n = 7) as other where audit_entries.n = 7'

  test.each<[string, string[], { n: number; fault: string }]>([
    ['a changed action', [`update audit_entries set action = 'x' where n = 7`], { n: 7, fault: 'changed' }],
    ['a changed object', [`update audit_entries set object = 'x' where n = 7`], { n: 7, fault: 'changed' }],
    [
      'a changed actor',
      [`update audit_entries set actor_kind = 'staff' where n = 7`],
      { n: 7, fault: 'changed' },
    ],
    [
      'an actor who appears',
      [`update audit_entries set actor_id = id where n = 7`],
      { n: 7, fault: 'changed' },
    ],
    [
      'a millisecond',
      [`update audit_entries set at = at + interval '1 ms' where n = 7`],
      { n: 7, fault: 'changed' },
    ],
    [
      'fields in another order',
      [`update audit_entries set fields = '{name,secret}' where n = 7`],
      { n: 7, fault: 'changed' },
    ],
    [
      'fields run together',
      [`update audit_entries set fields = '{"secret,name"}' where n = 7`],
      { n: 7, fault: 'changed' },
    ],
    [
      'another id',
      ['update audit_entries set id = gen_random_uuid() where n = 7'],
      { n: 7, fault: 'changed' },
    ],
    [
      'one bit of a hash',
      ['update audit_entries set hash = set_bit(hash, 3, 1 - get_bit(hash, 3)) where n = 7'],
      { n: 7, fault: 'changed' },
    ],
    [
      'one bit of a previous hash',
      ['update audit_entries set prev_hash = set_bit(prev_hash, 3, 1 - get_bit(prev_hash, 3)) where n = 7'],
      { n: 7, fault: 'changed' },
    ],
    ['a hash taken away', ['update audit_entries set hash = null where n = 7'], { n: 7, fault: 'changed' }],
    ['an entry deleted', ['delete from audit_entries where n = 7'], { n: 7, fault: 'missing' }],
    ['the first entry deleted', ['delete from audit_entries where n = 1'], { n: 1, fault: 'missing' }],
    [
      'an entry deleted and the rest moved up',
      [
        'delete from audit_entries where n = 7',
        'update audit_entries set n = -n where n > 7',
        'update audit_entries set n = -n - 1 where n < 0',
      ],
      { n: 7, fault: 'changed' },
    ],
    [
      'an entry made to look unsealed',
      ['update audit_entries set n = null where n = 7'],
      { n: 7, fault: 'missing' },
    ],
    [
      'an entry put in between',
      [
        'update audit_entries set n = -n where n >= 7',
        'update audit_entries set n = 1 - n where n < 0',
        `insert into audit_entries (id, at, actor_kind, action, object, fields, n, prev_hash, hash)
        select gen_random_uuid(), at, actor_kind, 'x', object, fields, 7, hash, hash from audit_entries where n = 6`,
      ],
      { n: 7, fault: 'changed' },
    ],
    [
      'an entry put before the first',
      [
        `insert into audit_entries (id, at, actor_kind, action, object, fields, n, prev_hash, hash)
        select gen_random_uuid(), at, actor_kind, 'x', object, fields, 0, hash, hash from audit_entries where n = 6`,
      ],
      { n: 1, fault: 'inserted' },
    ],
    [
      'two entries swapped',
      [
        'update audit_entries set n = -1 where n = 7',
        'update audit_entries set n = 7 where n = 8',
        'update audit_entries set n = 8 where n = -1',
      ],
      { n: 7, fault: 'changed' },
    ],
    [
      'an earlier entry repeated',
      [
        `update audit_entries set (action, object, fields, prev_hash, hash) = (other.action, other.object, other.fields, other.prev_hash, other.hash) ${seven.replace('where n = 7', 'where n = 3')}`,
      ],
      { n: 7, fault: 'changed' },
    ],
    [
      'everything from there written anew with another key',
      ['update audit_entries set hash = sha256(prev_hash) where n >= 7'],
      { n: 7, fault: 'changed' },
    ],
  ])('%s', async (_, statements, expected) => {
    await writeSealed(12)
    expect(await verify()).toMatchObject({ ok: true })
    await asOwner(...statements)
    expect(await verify()).toEqual({ ok: false, ...expected })
  })

  test('in any place of a chain of several pages', async () => {
    await writeMany(5_100)
    await sealAll(5_100)
    for (const n of [1, 4_999, 5_000, 5_001, 5_100]) {
      await asOwner(`update audit_entries set actor_kind = 'staff' where n = ${n}`)
      expect(await verify()).toEqual({ ok: false, n, fault: 'changed' })
      await asOwner(`update audit_entries set actor_kind = 'system' where n = ${n}`)
    }
    expect(await verify()).toEqual({ ok: true, entries: 5_100 })
  })

  test('the end cut off, against the anchor', async () => {
    await writeSealed(12)
    await anchorAudit(pool, dataDir)
    await asOwner('delete from audit_entries where n > 9')
    expect(await verify(null)).toEqual({ ok: true, entries: 9 })
    expect(await verify()).toEqual({ ok: false, n: 10, fault: 'truncated' })
  })

  test('the end cut off and grown again', async () => {
    await writeSealed(12)
    await anchorAudit(pool, dataDir)
    await asOwner('delete from audit_entries where n > 9')
    await writeSealed(10)
    expect(await verify(null)).toEqual({ ok: true, entries: 19 })
    expect(await verify()).toEqual({ ok: false, n: 12, fault: 'rewritten' })
  })

  test('everything gone, and an anchor taken afterwards does not cover it up', async () => {
    await writeSealed(12)
    const anchor = await anchorAudit(pool, dataDir)
    await asOwner('delete from audit_entries')
    expect(await verify()).toEqual({ ok: false, n: 1, fault: 'truncated' })
    await expect(anchorAudit(pool, dataDir)).rejects.toThrow('no longer holds its anchor at entry 12')
    await writeSealed(12)
    await expect(anchorAudit(pool, dataDir)).rejects.toThrow('no longer holds its anchor at entry 12')
    expect(readAnchor(dataDir)).toEqual(anchor)
  })
})

describe('the anchor', () => {
  test('moves on with the chain', async () => {
    expect(await anchorAudit(pool, dataDir)).toBeNull()
    await writeSealed(3)
    expect(await anchorAudit(pool, dataDir)).toMatchObject({ n: 3 })
    expect(await anchorAudit(pool, dataDir)).toMatchObject({ n: 3 })
    await writeSealed(2)
    expect(await anchorAudit(pool, dataDir)).toEqual(readAnchor(dataDir))
    expect(await verify()).toEqual({ ok: true, entries: 5 })
  })
})

describe('after the master key was changed', () => {
  const next = Buffer.alloc(32, 2)

  test('the chain goes on and holds under both keys, in their order only', async () => {
    await writeSealed(3)
    await write(3)
    await sealAll(3, next)
    expect(await verifyAudit(pool, [next, key])).toEqual({ ok: true, entries: 6 })
    expect(await verifyAudit(pool, [key])).toEqual({ ok: false, n: 4, fault: 'changed' })
    expect(await verifyAudit(pool, [next])).toEqual({ ok: false, n: 1, fault: 'changed' })
    await writeSealed(1)
    expect(await verifyAudit(pool, [next, key])).toEqual({ ok: false, n: 7, fault: 'changed' })
  })
})

test('1,000 changes of one character, all over the chain, are found each at its place', async () => {
  const columns = ['action', 'object', 'actor_kind']
  let found = 0
  await writeSealed(20)
  await pool.query('alter table audit_entries disable trigger user')
  await holding(async client => {
    for (let round = 0; round < 1_000; round++) {
      const n = 1 + ((round * 7) % 20)
      const changed = `overlay(${columns[round % 3]} placing 'Z' from ${1 + (round % 6)} for 1)`
      await client.query(`begin; update audit_entries set ${columns[round % 3]} = ${changed} where n = ${n}`)
      const verdict = await verifyAudit(client as never, [key])
      await client.query('rollback')
      if (!verdict.ok && verdict.n === n && verdict.fault === 'changed') found += 1
    }
  })
  await pool.query('alter table audit_entries enable trigger user')
  expect(found).toBe(1_000)
})
