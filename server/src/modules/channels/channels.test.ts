import { describe, expect, test } from 'vitest'
import { widgetFrameAncestors } from './channels.ts'
import { channelsModule } from './module.ts'
import { openTestPlace } from './test-place.ts'

const app = await openTestPlace([channelsModule])
const manage = app.as(['channels:manage'])

describe('opening a channel', () => {
  test('fills in what was not set', async () => {
    const { id: storeId } = await app.makeStore()
    expect(await open({ storeId, kind: 'web_chat', name: ' Chat ' })).toMatchObject({
      status: 201,
      body: {
        storeId,
        kind: 'web_chat',
        name: 'Chat',
        active: true,
        hasSecret: false,
        settings: { position: 'end', allowedOrigins: [], enforceIdentity: false },
      },
    })
  })

  test('a second web chat of a store is refused, as is switching one on beside another', async () => {
    const { id: storeId } = await app.makeStore()
    const first = (await open({ storeId, kind: 'web_chat', name: 'one' })).body
    expect(await open({ storeId, kind: 'web_chat', name: 'two' })).toMatchObject({
      status: 409,
      body: { error: { code: 'web_chat_exists' } },
    })
    await manage('PATCH', `/channels/${first.id}`, { active: false })
    expect(await open({ storeId, kind: 'web_chat', name: 'two' })).toMatchObject({ status: 201 })
    expect(await manage('PATCH', `/channels/${first.id}`, { active: true })).toMatchObject({
      status: 409,
      body: { error: { code: 'web_chat_exists' } },
    })
  })

  test.each([
    [
      'settings of the other kind',
      { kind: 'web_chat', settings: { webhookUrl: 'https://shop.example/hook' } },
    ],
    ['an address that is no web address', { kind: 'api', settings: { webhookUrl: 'file:///etc/passwd' } }],
    ['an origin with a path', { kind: 'web_chat', settings: { allowedOrigins: ['https://shop.example/x'] } }],
    [
      'an origin that adds a directive',
      { kind: 'web_chat', settings: { allowedOrigins: ['https://a.example; script-src *'] } },
    ],
    ['a secret of its own', { kind: 'api', secret: 'mine' }],
    ['another kind', { kind: 'pigeon' }],
  ])('with %s is refused', async (_what, fields) => {
    const { id: storeId } = await app.makeStore()
    expect(await open({ storeId, name: 'x', ...fields })).toMatchObject({ status: 422 })
  })

  test('needs the permission, and a store one may see', async () => {
    const { id: storeId } = await app.makeStore()
    const body = { storeId, kind: 'api', name: 'x' }
    expect(await app.as(['settings:manage'])('POST', '/channels', body)).toMatchObject({ status: 403 })
    expect(await app.as(['channels:manage'], [])('POST', '/channels', body)).toMatchObject({ status: 404 })
    expect(await open({ ...body, storeId: crypto.randomUUID() })).toMatchObject({ status: 404 })
  })
})

describe('changing a channel', () => {
  test('lays the settings given over those that stand', async () => {
    const { id } = await app.makeChannel('api', { webhookUrl: 'https://shop.example/hook' })
    const { body } = await manage('PATCH', `/channels/${id}`, { settings: { timeoutSeconds: 5 } })
    expect(body.settings).toMatchObject({ webhookUrl: 'https://shop.example/hook', timeoutSeconds: 5 })
    expect(await manage('PATCH', `/channels/${id}`, {})).toMatchObject({ status: 200, body: { name: 'api' } })
  })

  test('to settings that cannot be is refused, and changes nothing', async () => {
    const { id } = await app.makeChannel('api')
    const change = { name: 'other', settings: { timeoutSeconds: 0 } }
    expect(await manage('PATCH', `/channels/${id}`, change)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_settings' } },
    })
    expect((await manage('GET', `/channels/${id}`)).body.name).toBe('api')
  })
})

test('a secret is shown once and never again, not even to the database', async () => {
  const { id, secret } = await app.makeChannel('api')
  const answers = [
    await manage('GET', '/channels'),
    await manage('GET', `/channels/${id}`),
    await manage('PATCH', `/channels/${id}`, {}),
  ]
  expect(JSON.stringify(answers)).not.toContain(secret)
  expect(answers[1]!.body).toMatchObject({ hasSecret: true, hasPreviousSecret: false })
  await manage('PUT', `/channels/${id}/secret`)
  expect((await manage('GET', `/channels/${id}`)).body).toMatchObject({
    hasSecret: true,
    hasPreviousSecret: true,
  })
  const { rows } = await app.place.pool.query('select c::text as row from channels c where id = $1', [id])
  expect(rows[0].row).not.toContain(secret)
  const { rows: audit } = await app.place.pool.query('select action from audit_entries where object = $1', [
    `channel:${id}`,
  ])
  expect(audit.map(entry => entry.action)).toContain('channel.secret_rotated')
})

test('channels of stores one may not see are not there', async () => {
  const [mine, other] = [await app.makeChannel('api'), await app.makeChannel('api')]
  const clerk = app.as(['channels:manage'], [mine.storeId])
  expect((await clerk('GET', '/channels')).body.items.map((channel: { id: string }) => channel.id)).toEqual([
    mine.id,
  ])
  expect(await clerk('GET', `/channels/${other.id}`)).toMatchObject({ status: 404 })
  expect(await clerk('PATCH', `/channels/${other.id}`, { name: 'x' })).toMatchObject({ status: 404 })
  expect(await clerk('PUT', `/channels/${other.id}/secret`)).toMatchObject({ status: 404 })
  expect(await clerk('DELETE', `/channels/${other.id}/previous-secret`)).toMatchObject({ status: 404 })
})

test('the widget may be framed by the sites named, by any when none is, by none where there is no chat', async () => {
  const [named, open, none] = [await app.makeStore(), await app.makeStore(), await app.makeStore()]
  await app.makeChannel(
    'web_chat',
    { allowedOrigins: ['https://Shop.example', 'https://*.shop.example:8443'] },
    named.id,
  )
  await app.makeChannel('web_chat', {}, open.id)
  const ancestors = (key: string) => app.act(ctx => widgetFrameAncestors(ctx, key))
  expect(await ancestors(named.key)).toEqual([
    "'self'",
    'https://shop.example',
    'https://*.shop.example:8443',
  ])
  expect(await ancestors(open.key)).toEqual(['*'])
  expect(await ancestors(none.key)).toEqual(["'none'"])
  expect(await ancestors('nowhere')).toEqual(["'none'"])
})

const open = (body: object) => manage('POST', '/channels', body)
