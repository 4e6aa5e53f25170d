import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { InjectOptions } from 'fastify'
import { afterAll } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { type Actor, type Ctx, system } from '../../platform/context.ts'
import { openDb, openPool } from '../../platform/db.ts'
import { openDiskGuard } from '../../platform/disk-guard.ts'
import { openFiles } from '../../platform/files.ts'
import { recordKindsOf } from '../../platform/filters/fields.ts'
import { openHttp } from '../../platform/http.ts'
import { openLog } from '../../platform/log.ts'
import type { Module } from '../../platform/module.ts'
import { createOutbound } from '../../platform/outbound.ts'
import { createSecrets } from '../../platform/secrets.ts'
import { transact, type Workplace } from '../../platform/work.ts'
import { stores } from '../settings/tables.ts'
import { createChannel, rotateSecret } from './channels.ts'
import type { NewChannel } from './schemas.ts'

export type TestPlace = Awaited<ReturnType<typeof openTestPlace>>

/**
 * A place with its own database and these modules alone: nobody takes in or sends but the test. The clock is
 * a value to move; `as` makes a client that acts with these permissions.
 */
export async function openTestPlace(modules: readonly Module[], { poolSize = 10 } = {}) {
  const database = await createTestDatabase()
  const pool = openPool(database.connection, { max: poolSize })
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-files-'))
  const clock = { current: new Date('2026-01-05T09:00:00Z'), now: () => new Date(clock.current) }
  const woken: (() => void)[] = []
  const place: Workplace = {
    pool,
    db: openDb(pool),
    clock,
    log: openLog({ level: 'silent' }),
    secrets: createSecrets(['a secret that only tests know, of good length']),
    outbound: createOutbound({ allow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] }),
    files: openFiles(path.join(dataDir, 'files')),
    disk: openDiskGuard({ dir: dataDir, leastBytes: 0 }),
    records: recordKindsOf(modules.flatMap(module => module.fields ?? [])),
    actions: new Map(),
    auditAnchor: () => null,
    triggers: new Map(),
    variables: new Map(),
    url: 'http://localhost:8400',
    wake: () => woken.forEach(wake => void wake()),
    shout() {},
  }
  const actors = new Map<string, Actor>()
  const door: Module = {
    name: 'test',
    authenticate: async (_place, request) => actors.get(String(request.headers['x-test-actor'])) ?? null,
  }
  const http = await openHttp(place, [...modules, door], {
    url: place.url,
    secureCookies: false,
    trustProxy: false,
  })
  afterAll(async () => {
    await http.close()
    await pool.end()
    await database.drop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  })

  const act = <T>(work: (ctx: Ctx) => Promise<T>) => transact(place, system, work)

  async function makeStore(fields: { languages?: string[] } = {}) {
    const key = randomBytes(6).toString('hex')
    const [store] = await place.db
      .insert(stores)
      .values({ ...aStore, key, ...fields })
      .returning()
    return store!
  }

  async function send(options: InjectOptions) {
    const answer = await http.inject({ ...options, url: `/api${options.url}` })
    const isJson = String(answer.headers['content-type']).startsWith('application/json')
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? answer.json() : answer.body }
  }

  return {
    place,
    http,
    act,
    send,
    woken,
    advance(seconds: number) {
      clock.current = new Date(clock.current.getTime() + seconds * 1_000)
    },
    as(permissions: string[], storeIds: Actor['storeIds'] = 'all') {
      const key = String(actors.size)
      actors.set(key, {
        kind: 'staff',
        id: crypto.randomUUID(),
        name: 'Test',
        permissions: new Set(permissions),
        storeIds,
      })
      const headers = { 'x-test-actor': key }
      return (method: InjectOptions['method'], url: string, body?: object) =>
        send({ method, url, headers, ...(body && { payload: body }) } as InjectOptions)
    },
    makeStore,
    /** An active channel with one secret, of a store of its own unless one is named. */
    async makeChannel(kind: NewChannel['kind'], settings: object = {}, storeId?: string) {
      const store = storeId ?? (await makeStore()).id
      return act(async ctx => {
        const channel = await createChannel(ctx, {
          storeId: store,
          kind,
          name: kind,
          settings: { ...settings },
        })
        return { ...channel, ...(await rotateSecret(ctx, place.secrets, channel.id)) }
      })
    },
  }
}

const aStore = {
  name: 'Shop',
  brand: 'Shop',
  languages: ['en', 'zh'],
  zone: 'Asia/Shanghai',
  currency: 'USD',
  country: 'CN',
  colour: '#0E6E6E',
  calendarId: null,
}
