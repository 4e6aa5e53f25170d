import type pg from 'pg'
import { client, setUpHouse } from '../e2e/house.ts'
import { startEmbeddedPostgres } from '../server/src/platform/embedded-postgres.ts'
import { type BenchHouse, furnish, newFolder, startMeasured } from './house.ts'
import { type Company, seed } from './seed.ts'

type Say = (sentence: string) => void

export type LargeHouse = BenchHouse & { company: Company; conversations: number }

/**
 * A company that has worked for a year: a million customers and conversations, five million messages, 40 agents,
 * 4 stores. Set up through the API, filled with the server down, so that nothing follows two million events.
 * The one who asks sees three of the four stores: no measured query goes without its visibility rule.
 */
export async function openLargeHouse({ quick, say }: { quick: boolean; say: Say }): Promise<LargeHouse> {
  const conversations = quick ? 50_000 : 1_000_000
  const dataDir = newFolder()
  const empty = await startMeasured(dataDir)
  const { call, admin } = await setUpHouse(empty.url)
  for (const name of ['Two', 'Three', 'Four']) await call('POST', '/stores', { ...abroad, name, brand: name })
  const { items: stores } = await call<{ items: { id: string; key: string }[] }>('GET', '/stores')
  for (const { id } of stores)
    for (const kind of ['web_chat', 'api'])
      await call('POST', '/channels', { kind, storeId: id, name: kind, settings: {} })
  await empty.stop()

  const company = await fill(dataDir, conversations, say)

  const started = await startMeasured(dataDir)
  const known = { call: client(started.url), store: stores[0]!, admin }
  const house = await furnish(started, dataDir, known)
  await house.call('POST', '/session', { email: admin.email, password: admin.password })
  await warmCaches(house.pool)
  return Object.assign(house, { company, conversations })
}

const abroad = { languages: ['en'], zone: 'UTC', currency: 'USD', country: 'US' }

async function fill(dataDir: string, conversations: number, say: Say) {
  const postgres = await startEmbeddedPostgres({ dir: dataDir })
  try {
    const began = performance.now()
    const company = await seed({ ...postgres.superuser, database: 'afar' }, conversations)
    say(`${conversations} conversations seeded in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    return company
  } finally {
    await postgres.stop()
  }
}

/** Figures are of a machine in use, not of one that has just been switched on. */
async function warmCaches(pool: pg.Pool) {
  for (const table of ['conversations', 'customers', 'clocks', 'identities'])
    await pool.query(`select count(*) from ${table} where id is not null`)
  await pool.query('select count(*) from message_search where words is not null')
}
