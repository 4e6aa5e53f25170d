import { createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openDiskGuard } from '../../platform/disk-guard.ts'
import { channelsModule } from './module.ts'
import { receiveWebhook } from './receiving.ts'
import { isSigned, sign } from './signature.ts'
import { openTestPlace } from './test-place.ts'

const app = await openTestPlace([channelsModule])
type Channel = { id: string; secret: string }

describe('a signed webhook', () => {
  test('is kept byte for byte, and only then acknowledged', async () => {
    const channel = await app.makeChannel('api')
    const raw = ' {"id":"m-1", "from":{"id":"Ana"},"text":"¿Dónde está? 我的包裹 👩‍👩‍👧"}\n'
    expect(await post(channel, raw)).toMatchObject({ status: 202, body: { state: 'accepted' } })
    const [item] = await stored(channel)
    expect(item).toMatchObject({ externalId: 'm-1', line: 'Ana', state: 'received', attempts: 0 })
    expect(item!.raw.toString()).toBe(raw)
    expect(item!.headers).toEqual({
      'content-type': 'application/json',
      'user-agent': 'shop/1',
      'afar-timestamp': timestamp(),
    })
  })

  test('sent again is acknowledged without effect, also with other words', async () => {
    const channel = await app.makeChannel('api')
    await post(channel, message('m-1', { text: 'first' }))
    expect(await post(channel, message('m-1', { text: 'second' }))).toMatchObject({
      status: 202,
      body: { state: 'repeated' },
    })
    expect(await stored(channel)).toHaveLength(1)
  })

  test('with the same id on another channel is another message', async () => {
    const [one, other] = [await app.makeChannel('api'), await app.makeChannel('api')]
    await post(one, message('m-1'))
    expect(await post(other, message('m-1'))).toMatchObject({ body: { state: 'accepted' } })
  })

  test('holds for 300 seconds to either side and not one more', async () => {
    const channel = await app.makeChannel('api')
    const at = async (seconds: number) => {
      const now = new Date(app.place.clock.now().getTime() + seconds * 1_000)
      const raw = message(`at ${seconds}`)
      return (await post(channel, raw, sign(raw, [channel.secret], now))).status
    }
    expect([await at(-301), await at(-300), await at(300), await at(301)]).toEqual([401, 202, 202, 401])
  })

  test('counts under either secret while two live, and under no older one', async () => {
    const channel = await app.makeChannel('api')
    const manage = app.as(['channels:manage'])
    const under = async (secret: string) =>
      (await post({ ...channel, secret }, message(crypto.randomUUID()))).status
    const second = (await manage('PUT', `/channels/${channel.id}/secret`)).body.secret
    expect([await under(channel.secret), await under(second)]).toEqual([202, 202])
    const third = (await manage('PUT', `/channels/${channel.id}/secret`)).body.secret
    expect([await under(channel.secret), await under(second), await under(third)]).toEqual([401, 202, 202])
    await manage('DELETE', `/channels/${channel.id}/previous-secret`)
    expect([await under(second), await under(third)]).toEqual([401, 202])
  })

  test('to a channel that is switched off is not found, and nothing is kept', async () => {
    const channel = await app.makeChannel('api')
    await app.as(['channels:manage'])('PATCH', `/channels/${channel.id}`, { active: false })
    expect(await post(channel, message('m-1'))).toMatchObject({
      status: 404,
      body: { error: { code: 'channel_not_found' } },
    })
    expect(await stored(channel)).toEqual([])
  })

  test.each([
    ['no JSON', '{', 'invalid_json'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_json'],
    ['nothing at all', '', 'invalid_json'],
    ['a nest of arrays', '['.repeat(200_000), 'invalid_json'],
    ['no id', '{"from":{"id":"a"},"text":"x"}', 'invalid_request'],
    ['an id with a NUL in it', '{"id":"a\\u0000","from":{"id":"a"},"text":"x"}', 'invalid_request'],
    ['an id with half a surrogate pair', '{"id":"a\\ud800","from":{"id":"a"},"text":"x"}', 'invalid_request'],
    ['nothing said', '{"id":"a","from":{"id":"a"},"text":"  "}', 'invalid_request'],
    ['a prototype', '{"id":"a","from":{"__proto__":{"id":"a"}},"text":"x"}', 'invalid_request'],
  ])('with %s is refused for its shape, and nothing is kept', async (_what, raw, code) => {
    const channel = await app.makeChannel('api')
    expect(await post(channel, raw)).toMatchObject({ status: 422, body: { error: { code } } })
    expect(await stored(channel)).toEqual([])
  })

  test('of more than a megabyte is refused, signed or not', async () => {
    const channel = await app.makeChannel('api')
    const large = message('m-1', { text: 'x'.repeat(1024 * 1024) })
    expect(await post(channel, large)).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } })
    expect(await stored(channel)).toEqual([])
  })

  test('is put off while the disk has no room, before anything is kept', async () => {
    const channel = await app.makeChannel('api')
    const full = openDiskGuard({ dir: '/', look: async () => ({ freeBytes: 0, totalBytes: 1 }) })
    const place = { ...app.place, disk: full }
    const raw = message('m-1')
    const headers = sign(raw, [channel.secret], app.place.clock.now())
    await expect(receiveWebhook(place, channel.id, headers, Buffer.from(raw))).rejects.toMatchObject({
      status: 503,
      code: 'disk_full',
    })
    expect(await stored(channel)).toEqual([])
  })

  test('one too many in a second is put off, and the others stand', async () => {
    const channel = await app.makeChannel('api', { inboundPerSecond: 5 })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(channel, message(`m-${n}`))))
    const put = answers.filter(answer => answer.status === 429)
    expect(put.length).toBeGreaterThanOrEqual(5)
    expect(put[0]!.headers['retry-after']).toBe('1')
    expect(await stored(channel)).toHaveLength(20 - put.length)
  })
})

test('an empty secret signs nothing, even where one is kept', () => {
  const now = new Date()
  expect(isSigned(sign('x', [''], now), Buffer.from('x'), [''], now)).toBe(false)
  expect(isSigned(sign('x', ['s'], now), Buffer.from('x'), ['', 's'], now)).toBe(true)
})

describe('a webhook that is not signed as it should be', () => {
  const raw = message('m-1')
  const good = (channel: Channel) => sign(raw, [channel.secret], app.place.clock.now()) as Signature
  const value = (channel: Channel) => good(channel)['afar-signature'].slice(3)
  const base64 = (channel: Channel) => Buffer.from(value(channel), 'hex').toString('base64')
  const attacks: [string, (channel: Channel) => Promise<Headers> | Headers][] = [
    ['no headers', () => ({})],
    ['no signature', channel => ({ 'afar-timestamp': good(channel)['afar-timestamp'] })],
    ['no timestamp', channel => ({ 'afar-signature': good(channel)['afar-signature'] })],
    ['an empty signature', channel => ({ ...good(channel), 'afar-signature': '' })],
    ['an empty value', channel => ({ ...good(channel), 'afar-signature': 'v1=' })],
    [
      'a truncated one',
      channel => ({ ...good(channel), 'afar-signature': `v1=${value(channel).slice(0, -2)}` }),
    ],
    ['an extended one', channel => ({ ...good(channel), 'afar-signature': `v1=${value(channel)}00` })],
    [
      'upper-case hex',
      channel => ({ ...good(channel), 'afar-signature': `v1=${value(channel).toUpperCase()}` }),
    ],
    ['base64 for hex', channel => ({ ...good(channel), 'afar-signature': `v1=${base64(channel)}` })],
    ['another version', channel => ({ ...good(channel), 'afar-signature': `v2=${value(channel)}` })],
    [
      'two signatures in one header',
      channel => ({ ...good(channel), 'afar-signature': `v1=${value(channel)},v1=${value(channel)}` }),
    ],
    [
      'another algorithm',
      channel => ({
        ...good(channel),
        'afar-signature': `v1=${createHmac('sha512', channel.secret).update(`${timestamp()}.${raw}`).digest('hex').slice(0, 64)}`,
      }),
    ],
    [
      'no timestamp under it',
      channel => ({
        ...good(channel),
        'afar-signature': `v1=${createHmac('sha256', channel.secret).update(raw).digest('hex')}`,
      }),
    ],
    [
      'another timestamp',
      channel => ({ ...good(channel), 'afar-timestamp': String(Number(timestamp()) + 1) }),
    ],
    ['a timestamp with a sign', channel => ({ ...good(channel), 'afar-timestamp': `+${timestamp()}` })],
    ['an empty secret', () => sign(raw, [''], app.place.clock.now())],
    [
      "another channel's secret",
      async () => sign(raw, [(await app.makeChannel('api')).secret], app.place.clock.now()),
    ],
    ['the channel id as a secret', channel => sign(raw, [channel.id], app.place.clock.now())],
  ]

  test.each(attacks)('by %s is turned away and leaves nothing', async (_name, attack) => {
    const channel = await app.makeChannel('api')
    const answer = await post(channel, raw, await attack(channel))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'signature_invalid' } } })
    expect(await stored(channel)).toEqual([])
  })

  test('is turned away before its body is looked at', async () => {
    const channel = await app.makeChannel('api')
    expect(await post({ ...channel, secret: 'x' }, '{')).toMatchObject({ status: 401 })
  })

  test('looks the same from outside as a channel that is not there, has no secret, or is no webhook', async () => {
    const channel = await app.makeChannel('api')
    const bare = await app.as(['channels:manage'])('POST', '/channels', {
      storeId: channel.storeId,
      kind: 'api',
      name: 'bare',
    })
    const nobody = { id: crypto.randomUUID(), secret: 'x' }
    const chat = await app.makeChannel('web_chat')
    const forged = { ...channel, secret: 'x' }
    const answers = await Promise.all(
      [forged, nobody, { id: bare.body.id, secret: '' }, chat].map(one => post(one, raw)),
    )
    expect(answers.map(answer => answer.status)).toEqual([401, 401, 401, 401])
    expect(new Set(answers.map(answer => JSON.stringify(answer.body))).size).toBe(1)
  })

  test('sent over a socket with the header twice is turned away', async () => {
    const channel = await app.makeChannel('api')
    const { 'afar-timestamp': at, 'afar-signature': signature } = good(channel)
    const once = await overSocket(channel, ['afar-timestamp', at, 'afar-signature', signature])
    const twice = await overSocket(channel, [
      'afar-timestamp',
      at,
      'afar-signature',
      signature,
      'afar-signature',
      signature,
    ])
    expect([twice, once]).toEqual([401, 202])
  })

  test('with one byte flipped anywhere is turned away', async () => {
    const channel = await app.makeChannel('api')
    const headers = good(channel)
    const whole = Buffer.from(raw)
    const flip = (bytes: Buffer, at: number, mask: number) => {
      const flipped = Buffer.from(bytes)
      flipped[at] = flipped[at]! ^ mask
      return flipped
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length + 64 - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const inBody = at < whole.length
        const body = inBody ? flip(whole, at, mask) : whole
        const forged = inBody
          ? value(channel)
          : flip(Buffer.from(value(channel), 'latin1'), at - whole.length, mask & 0x0f || 1).toString(
              'latin1',
            )
        const answer = await post(channel, body, { ...headers, 'afar-signature': `v1=${forged}` })
        expect(answer.status).toBe(401)
      }),
      { numRuns: 150 },
    )
    expect(await stored(channel)).toEqual([])
    expect((await post(channel, raw)).status).toBe(202)
  })
})

type Headers = Record<string, string>
type Signature = { 'afar-timestamp': string; 'afar-signature': string }

const timestamp = () => String(Math.floor(app.place.clock.now().getTime() / 1_000))

function message(id: string, fields: object = {}) {
  return JSON.stringify({ id, from: { id: 'ana' }, text: 'Where is it?', ...fields })
}

function post(
  channel: Channel,
  raw: string | Buffer,
  headers: Headers = sign(raw, [channel.secret], app.place.clock.now()),
) {
  return app.send({
    method: 'POST',
    url: `/channels/${channel.id}/inbound`,
    payload: raw,
    headers: { 'content-type': 'application/json', 'user-agent': 'shop/1', ...headers },
  })
}

async function overSocket(channel: Channel, headers: string[]): Promise<number> {
  if (!app.http.server.listening) await app.http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.http.server.address() as AddressInfo
  const raw = message(crypto.randomUUID())
  return new Promise((resolve, reject) => {
    const request = http.request({ port, method: 'POST', path: `/api/channels/${channel.id}/inbound` })
    request.on('error', reject)
    request.on('response', response => resolve(response.resume().statusCode ?? 0))
    const signature = sign(raw, [channel.secret], app.place.clock.now()) as Signature
    const byName = Map.groupBy(
      headers.keys().filter(n => n % 2 === 0),
      n => headers[n]!,
    )
    for (const [name, at] of byName)
      request.setHeader(
        name,
        at.map(() => signature[name as keyof Signature]),
      )
    request.end(raw)
  })
}

async function stored(channel: { id: string }) {
  const { rows } = await app.place.pool.query<{
    externalId: string
    line: string
    state: string
    attempts: number
    raw: Buffer
    headers: Headers
  }>(
    'select external_id as "externalId", line, state, attempts, raw, headers from inbound where channel_id = $1 order by id',
    [channel.id],
  )
  return rows
}
