import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findEmbeddedConnection } from '../../server/src/platform/embedded-postgres.ts'
import { type House, newDataDir, setUpHouse, startHouse } from '../house.ts'
import { type ApiChannel, type Intent, startDriver } from './driver.ts'
import { checkInvariants } from './invariants.ts'

export type Round = {
  round: number
  sent: number
  acked: number
  readyMs: number
  drainMs: number
  breaches: string[]
}

/**
 * Kills the whole process group at a random moment under webhook and widget load, starts it again, lets everyone
 * repeat what was not acknowledged, and holds the database against the senders' book. The house is kept over
 * the rounds, so later kills meet recovered data.
 */
export async function killRounds(rounds: number, told: (round: Round) => void = () => {}): Promise<Round[]> {
  const dataDir = newDataDir()
  let house: House = await startHouse({ dataDir, args: ['--empty'] })
  const done: Round[] = []
  const everything: Intent[] = []
  try {
    const { store, channel } = await openChannels(house.url)
    for (let round = 1; round <= rounds; round++) {
      const driver = startDriver(house.url, {
        storeKey: store.key,
        channel,
        webhooks: 6,
        visitors: 4,
        everyMs: 25,
      })
      await sleep(500 + Math.random() * 2_000)
      await house.kill()
      const killedAt = Date.now()
      house = await startHouse({ dataDir, port: house.port, args: ['--empty'] })
      const readyMs = Date.now() - killedAt
      await sleep(300)
      const drained = await driver.drain(20_000)
      await idle(dataDir)
      everything.push(...driver.book)
      const breaches = await checkInvariants(house.url, dataDir, everything, driver.tokens)
      if (!drained) breaches.push('some lines were never acknowledged')
      const result = {
        round,
        sent: driver.book.length,
        acked: driver.book.filter(({ acked }) => acked).length,
        readyMs,
        drainMs: Date.now() - killedAt - readyMs,
        breaches,
      }
      told(result)
      done.push(result)
    }
  } finally {
    await house.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
  return done
}

async function openChannels(url: string) {
  const { call, store } = await setUpHouse(url)
  await call('POST', '/channels', { kind: 'web_chat', storeId: store.id, name: 'Chat', settings: {} })
  const { id } = await call<{ id: string }>('POST', '/channels', {
    kind: 'api',
    storeId: store.id,
    name: 'Shop',
    settings: {},
  })
  const { secret } = await call<{ secret: string }>('PUT', `/channels/${id}/secret`, {})
  return { store, channel: { id, secret } satisfies ApiChannel }
}

/** Until the ledger is empty and the reactions have caught up, ten seconds at most. */
async function idle(dataDir: string) {
  const db = new pg.Client(findEmbeddedConnection(dataDir))
  await db.connect()
  for (let tries = 0; tries < 200; tries++) {
    const { rows } =
      await db.query(`select (select count(*)::int from inbound where state = 'received') as waiting,
      (select coalesce(max(id), 0) from events) - (select coalesce(max(position), 0) from reaction_cursors where name = 'all') as behind`)
    if (rows[0].waiting === 0 && rows[0].behind === 0) break
    await sleep(50)
  }
  await db.end()
}
