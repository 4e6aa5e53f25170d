import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../test/app.ts'
import { makeStore } from '../../test/make.ts'
import { handIn } from '../../test/world.ts'
import { createChannel, rotateSecret } from '../modules/channels/channels.ts'
import { sealedColumns } from '../modules/index.ts'
import { beginSecondFactor, confirmSecondFactor } from '../modules/staff/second-factor.ts'
import { countStale, sealAnew } from './resealing.ts'
import { createSecrets } from './secrets.ts'

const [first, second, third] = ['first', 'second', 'third'].map(
  word => `the ${word} master key, of good length`,
)
const app = await startTestApp({ secrets: [first!] })
/** The same house under other secrets. */
const under = (...secrets: string[]) => startTestApp({ secrets, connection: app.connection, poolSize: 4 })
const keys = (...secrets: string[]) => ({ pool: app.place.pool, secrets: createSecrets(secrets) })

describe('after a change of the master key', () => {
  test('what was sealed under the earlier one is sealed anew, and opens with the new one alone', async () => {
    const channel = await openChannel()
    const person = await guard()
    expect(await countStale(keys(second!, first!), sealedColumns)).toEqual({ stale: 3, lost: 0 })
    expect(await countStale(keys(second!), sealedColumns)).toEqual({ stale: 3, lost: 3 })

    await (await under(second!, first!)).sweep()
    expect(await countStale(keys(second!), sealedColumns)).toEqual({ stale: 0, lost: 0 })

    const alone = await under(second!)
    for (const secret of [channel.previous, channel.secret]) {
      const said = { id: secret.slice(0, 10), from: { id: 'c' }, text: 'Hello' }
      expect((await handIn(alone, { id: channel.id, secret }, said)).statusCode).toBe(202)
    }
    const password = 'correct horse battery staple'
    const signIn = await alone.post('/session', { email: person.email, password })
    const cookie = String([signIn.headers['set-cookie']].flat()[0]).split(';')[0]!
    alone.clock.advance(60)
    const code = await person.code(alone.clock.now)
    expect(await alone.with({ cookie }).post('/session/second-factor', { code })).toMatchObject({
      status: 200,
      body: { state: 'signed_in' },
    })
  })

  test('doing it again changes nothing', async () => {
    const before = await sealed()
    await sealAnew(keys(second!, first!), sealedColumns)
    expect(await sealed()).toEqual(before)
  })

  test('a secret that somebody replaced meanwhile stands', async () => {
    const channel = await openChannel()
    const changed = await under(second!, first!)
    let replaced = ''
    const query = async (text: string, values?: unknown[]) => {
      if (text.startsWith('update') && !replaced)
        replaced = (await changed.act(ctx => rotateSecret(ctx, changed.place.secrets, channel.id))).secret
      return app.place.pool.query(text, values)
    }
    await sealAnew({ ...keys(second!, first!), pool: { query } as never }, sealedColumns)
    const said = { id: 'replaced', from: { id: 'c' }, text: 'Hello' }
    expect((await handIn(changed, { id: channel.id, secret: replaced }, said)).statusCode).toBe(202)
  })

  test('a value whose key is lost is left as it is, and keeps no other waiting', async () => {
    await sealAnew(keys(second!, first!), sealedColumns)
    const [lost, old] = [await openChannel(third!), await openChannel()]
    const before = await sealedOf(lost.id)
    await sealAnew(keys(second!, first!), sealedColumns)
    expect(await countStale(keys(second!, first!), sealedColumns)).toEqual({ stale: 2, lost: 2 })
    expect(await sealedOf(lost.id)).toEqual(before)
    expect(createSecrets([second!]).needsRotation((await sealedOf(old.id)).secret_sealed)).toBe(false)
  })
})

test('every sealed column there is is taken along', async () => {
  const { rows } = await app.place.pool.query(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'public' and column_name like '%sealed%'`,
  )
  const known = sealedColumns.map(({ table, column }) => `${table}.${column}`)
  expect(rows.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(known.sort())
})

/** With two living secrets, sealed under the first master key or the one given. */
async function openChannel(master = first!) {
  const store = await makeStore(app)
  const secrets = createSecrets([master])
  return app.act(async ctx => {
    const { id } = await createChannel(ctx, { storeId: store.id, kind: 'api', name: 'Shop', settings: {} })
    const { secret: previous } = await rotateSecret(ctx, secrets, id)
    return { id, previous, ...(await rotateSecret(ctx, secrets, id)) }
  })
}

/** A colleague with a second factor. */
async function guard() {
  const email = `guarded-${app.unique()}@test.example`
  const { id } = await app.as('agent', { email })
  const { uri } = await app.act(ctx => beginSecondFactor(ctx, app.place.secrets, { id, email }))
  const seed = new TextDecoder().decode(base32.decode(new URL(uri).searchParams.get('secret')!))
  const code = (now: Date) => createOTP(seed).hotp(Math.floor(now.getTime() / 30_000))
  const current = await code(app.clock.now)
  await app.act(ctx => confirmSecondFactor(ctx, app.place.secrets, id, current))
  return { email, code }
}

const sealed = async () => (await app.place.pool.query('select * from channels order by id')).rows
const sealedOf = async (id: string) =>
  (
    await app.place.pool.query('select secret_sealed, previous_secret_sealed from channels where id = $1', [
      id,
    ])
  ).rows[0]
