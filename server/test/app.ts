import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll } from 'vitest'
import { type AppOptions, openApp } from '../src/app.ts'
import { seedRoles } from '../src/modules/staff/roles.ts'
import { signInAs } from '../src/modules/staff/sessions.ts'
import { createStaff } from '../src/modules/staff/staff.ts'
import type { Ctx } from '../src/platform/context.ts'
import { createTestDatabase } from './database.ts'

export type TestApp = Awaited<ReturnType<typeof startTestApp>>
export type Answer<T = never> = { status: number; body: T; headers: LightMyRequestResponse['headers'] }

/**
 * The whole server on a database of its own, with a clock to move. Requests go through HTTP by `inject`; what
 * only the clock or an event does goes through `act`, `sweep` and `settled`.
 */
export async function startTestApp(options: Partial<AppOptions> = {}) {
  const database = await createTestDatabase()
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-files-'))
  const clock = { current: new Date('2026-01-05T09:00:00Z'), now: () => new Date(clock.current) }
  const app = await openApp({
    connection: database.connection,
    secrets: ['a secret that only tests know, of good length'],
    dataDir,
    url: 'http://localhost:8400',
    logLevel: 'error',
    clock,
    poolSize: 10,
    ...options,
  })
  await app.act(ctx => seedRoles(ctx))
  await app.start({ sweeping: false })
  afterAll(async () => {
    await app.stop()
    await database.drop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  })

  let made = 0
  const unique = () => ++made

  return {
    ...app,
    connection: database.connection,
    dataDir,
    clock: {
      get now() {
        return clock.current
      },
      set now(to: Date) {
        clock.current = to
      },
      advance: (seconds: number) => {
        clock.current = new Date(clock.current.getTime() + seconds * 1_000)
      },
    },
    unique,
    /** A client without any sign. */
    ...client(app, {}),
    /** A client that sends these headers with each request. */
    with: (headers: Record<string, string>) => client(app, headers),
    /** A colleague of this role, signed in. */
    async as(roleCode: string, fields: Partial<Parameters<typeof createStaff>[1]> = {}) {
      const n = unique()
      const person = await app.act((ctx: Ctx) =>
        createStaff(ctx, {
          name: `${roleCode} ${n}`,
          email: `${roleCode}-${n}@test.example`,
          password: 'correct horse battery staple',
          roleCode,
          ...fields,
        }),
      )
      const cookie = await app.act(ctx => signInAs(ctx, person.id))
      return {
        ...client(app, { cookie: `afar.session=${cookie}`, origin: 'http://localhost:8400' }),
        id: person.id,
        cookie: `afar.session=${cookie}`,
      }
    },
    /** Waits until every reaction to what was committed so far has run. */
    async settled() {
      for (let round = 0; round < 400; round++) {
        const { rows } = await app.place.pool.query(
          "select (select coalesce(max(id), 0) from events) as newest, (select coalesce(max(position), 0) from reaction_cursors where name = 'all') as reached, (select count(*)::int from inbound where state = 'received') as waiting",
        )
        if (rows[0].newest <= rows[0].reached && rows[0].waiting === 0) return
        app.place.wake()
        await new Promise(done => setTimeout(done, 10))
      }
      throw new Error('The reactions did not catch up within four seconds.')
    },
  }
}

function client(app: Awaited<ReturnType<typeof openApp>>, headers: Record<string, string>) {
  const send = async (method: InjectOptions['method'], url: string, body?: unknown): Promise<Answer> => {
    const response = await app.http.inject({
      method,
      url: `/api${url}`,
      headers,
      ...(body === undefined ? {} : { payload: body as object }),
    } as InjectOptions)
    const isJson = response.headers['content-type']?.toString().startsWith('application/json')
    return {
      status: response.statusCode,
      body: (isJson ? response.json() : response.body) as never,
      headers: response.headers,
    }
  }
  return {
    headers,
    get: (url: string) => send('GET', url),
    post: (url: string, body: unknown = {}) => send('POST', url, body),
    put: (url: string, body: unknown = {}) => send('PUT', url, body),
    patch: (url: string, body: unknown = {}) => send('PATCH', url, body),
    delete: (url: string) => send('DELETE', url),
  }
}
