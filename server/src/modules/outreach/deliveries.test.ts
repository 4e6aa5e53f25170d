import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Fault, startApiReceiver } from '../channels/api-channel.simulator.ts'
import { channelsModule } from '../channels/module.ts'
import { openTestPlace } from '../channels/test-place.ts'
import { queueDelivery } from './deliveries.ts'
import { deliveryHealth, deliveryMeasures } from './health.ts'
import { claimDeliveries, giveUpDeliveries, settleDelivery } from './leases.ts'
import { outreachModule } from './module.ts'
import { sendDue, startSending } from './sender.ts'

const app = await openTestPlace([channelsModule, outreachModule])
const manage = app.as(['channels:manage', 'customers:contact-details'])
const hour = 3_600

describe('a reply', () => {
  test('reaches the other side once, signed, and is done', async () => {
    const line = await openLine()
    const id = await queue(line, { conversationId: line.conversation, seq: 7, text: '您好 👋' })
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(1)
    const [call] = line.receiver.taken
    expect(call!.headers['afar-delivery-id']).toBe(id)
    expect(call!.body).toEqual({
      id,
      type: 'message.sent',
      conversationId: line.conversation,
      messageId: expect.any(String),
      seq: 7,
      to: { id: 'ana' },
      text: '您好 👋',
      attachments: [
        {
          id: attachment.fileId,
          name: 'a.pdf',
          type: 'application/pdf',
          size: 3,
          url: `http://localhost:8400/api/files/${attachment.fileId}`,
        },
      ],
      sentAt: '2026-01-05T09:00:00.000Z',
    })
    expect(await states(line)).toEqual(['done'])
    expect(await told(line)).toEqual([
      {
        deliveryId: id,
        state: 'done',
        conversationId: line.conversation,
        channelId: line.id,
        storeId: line.storeId,
        messageId: expect.any(String),
      },
    ])
  })

  test('queued twice for the same thing is sent once', async () => {
    const line = await openLine()
    await Promise.all([
      queue(line, { idemKey: `same ${line.id}` }),
      queue(line, { idemKey: `same ${line.id}` }),
    ])
    await sendDue(app.place)
    expect(line.receiver.calls).toHaveLength(1)
  })

  test('goes out at once after the commit, without waiting for a sweep', async () => {
    const line = await openLine()
    const sender = work()
    await queue(line)
    sender.wake()
    await expect.poll(() => line.receiver.taken.length, { timeout: 10_000, interval: 5 }).toBe(1)
  })

  test('is signed with both secrets while they change over, so either one finds its own', async () => {
    const line = await openLine()
    await manage('PUT', `/channels/${line.id}/secret`)
    await queue(line)
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(1)
    await manage('DELETE', `/channels/${line.id}/previous-secret`)
    await queue(line)
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(1)
    expect(line.receiver.forged).toHaveLength(1)
  })

  test('without an address to go to, or to one inside our own house, is refused', async () => {
    const nowhere = await openLine({ webhookUrl: null })
    const inside = await openLine({ webhookUrl: 'http://10.0.0.1/hook' })
    await queue(nowhere)
    await queue(inside)
    await sendDue(app.place)
    expect(await reasons(nowhere)).toEqual(['refused webhook_missing'])
    expect((await reasons(inside))[0]).toMatch(/^refused /)
  })
})

describe('the other side', () => {
  test.each<[string, Fault, string]>([
    [
      'says 200 with an error page',
      { kind: 'status', status: 200, body: '<html>error', takes: true },
      'done null',
    ],
    ['says 204', { kind: 'status', status: 204, takes: true }, 'done null'],
    ['says 400', { kind: 'status', status: 400 }, 'refused status_400'],
    ['says 401', { kind: 'status', status: 401 }, 'refused status_401'],
    ['says 410', { kind: 'status', status: 410 }, 'refused status_410'],
    [
      'says 302',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'pending status_302',
    ],
    ['says 408', { kind: 'status', status: 408 }, 'pending status_408'],
    ['says 429', { kind: 'status', status: 429 }, 'pending status_429'],
    ['says 500', { kind: 'status', status: 500 }, 'pending status_500'],
    ['says 502 with a page', { kind: 'status', status: 502, body: '<html>' }, 'pending status_502'],
    ['cuts the line before taking it', { kind: 'cut', takes: false }, 'pending no_answer'],
    ['takes it and cuts the line', { kind: 'cut', takes: true }, 'pending no_answer'],
    ['takes it and says nothing more', { kind: 'hang', takes: true }, 'pending no_answer'],
    [
      'takes it and answers without end',
      { kind: 'status', status: 200, body: 'x'.repeat(200_000), takes: true },
      'done null',
    ],
  ])('%s', async (_what, fault, outcome) => {
    const line = await openLine({ timeoutSeconds: 1 })
    line.receiver.faults.push(fault)
    await queue(line)
    await sendDue(app.place)
    expect(await reasons(line)).toEqual([outcome])
    app.advance(2 * hour)
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(outcome.startsWith('refused') ? 0 : 1)
    expect(new Set(line.receiver.calls.map(call => `${call.deliveryId} ${call.raw}`)).size).toBe(1)
  })

  test('asking for rest gets it, for the whole channel', async () => {
    const line = await openLine()
    line.receiver.faults.push({ kind: 'status', status: 429, headers: { 'retry-after': '120' } })
    await queue(line)
    await sendDue(app.place)
    await queue(line, { conversationId: crypto.randomUUID() })
    app.advance(119)
    await sendDue(app.place)
    expect(line.receiver.calls).toHaveLength(1)
    app.advance(2)
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(2)
  })

  test('that hangs keeps nobody else waiting', async () => {
    const [slow, quick] = [await openLine({ timeoutSeconds: 30 }), await openLine()]
    for (let n = 0; n < 20; n++) {
      slow.receiver.faults.push({ kind: 'hang', takes: false })
      await queue(slow, { conversationId: crypto.randomUUID() })
    }
    for (let n = 0; n < 20; n++) await queue(quick, { conversationId: crypto.randomUUID() })
    const sender = work()
    sender.wake()
    await expect.poll(() => quick.receiver.taken.length, { timeout: 15_000, interval: 10 }).toBe(20)
    expect(slow.receiver.calls).toHaveLength(8)
    await slow.receiver.goAway()
  })

  test('that fails again and again is tried by one delivery now and then, and gets the rest when it is back', async () => {
    const line = await openLine()
    for (let n = 0; n < 40; n++) await queue(line, { conversationId: crypto.randomUUID() })
    await line.receiver.goAway()
    for (let second = 0; second < 120; second++) {
      await sendDue(app.place)
      app.advance(1)
    }
    const { rows } = await app.place.pool.query(
      'select sum(attempts)::int as attempts, max(attempts)::int as most from deliveries where channel_id = $1',
      [line.id],
    )
    expect(rows[0].attempts).toBeLessThan(30)
    await line.receiver.comeBack()
    app.advance(61)
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(40)
    expect(await states(line)).toEqual(Array(40).fill('done'))
  }, 60_000)

  test('away for a minute gets everything once and in the order of each conversation', async () => {
    const line = await openLine()
    const sent = Array.from({ length: 30 }, (_, n) => ({ conversationId: conversationIds[n % 3]!, seq: n }))
    for (const message of sent.slice(0, 10)) await queue(line, message)
    await sendDue(app.place)
    await line.receiver.goAway()
    for (const message of sent.slice(10)) await queue(line, message)
    for (let second = 0; second < 60; second++) {
      await sendDue(app.place)
      app.advance(1)
    }
    expect(line.receiver.taken).toHaveLength(10)
    await line.receiver.comeBack()
    for (let second = 0; second < 60; second++) {
      await sendDue(app.place)
      app.advance(1)
    }
    expectOnceAndInOrder(line, sent)
  }, 60_000)
})

test('whatever goes wrong, a delivery is taken once, in its order, and never lost', async () => {
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(408, 429, 500, 502, 503),
      takes: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('cut' as const), takes: fc.boolean() }),
    fc.record({ kind: fc.constant('delay' as const), ms: fc.integer({ min: 0, max: 20 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 30 }), async faults => {
      const line = await openLine()
      line.receiver.faults.push(...faults)
      const sent = Array.from({ length: 12 }, (_, n) => ({ conversationId: conversationIds[n % 3]!, seq: n }))
      for (const message of sent) await queue(line, message)
      for (let round = 0; round < 60 && (await states(line)).some(state => state !== 'done'); round++) {
        await Promise.all([sendDue(app.place), sendDue(app.place)])
        app.advance(600)
      }
      expectOnceAndInOrder(line, sent)
      expect(line.receiver.forged).toEqual([])
    }),
    { numRuns: 10 },
  )
}, 60_000)

describe('a delivery nobody takes', () => {
  test('is tried for a day, ever more seldom, then waits for a person who sends it again', async () => {
    const line = await openLine()
    await line.receiver.goAway()
    const id = await queue(line)
    const after = await queue(line)
    for (let minute = 0; minute < 24 * 60 + 62; minute++) {
      if (minute % 20 === 0 || minute < 10) await sendDue(app.place)
      app.advance(60)
    }
    expect(await states(line)).toEqual(['dead', expect.stringMatching(/pending|dead/)])
    const { rows } = await app.place.pool.query('select attempts from deliveries where id = $1', [id])
    expect(rows[0].attempts).toBeGreaterThan(15)
    expect(rows[0].attempts).toBeLessThan(80)
    await app.act(giveUpDeliveries)
    expect(await states(line)).toEqual(['dead', 'dead'])
    expect((await told(line)).map(({ deliveryId, state }) => `${deliveryId} ${state}`)).toEqual([
      `${id} dead`,
      `${after} dead`,
    ])

    await line.receiver.comeBack()
    expect(await manage('PUT', `/deliveries/${id}/replay`)).toMatchObject({
      status: 200,
      body: { id, state: 'pending', attempts: 0 },
    })
    app.advance(61)
    await sendDue(app.place)
    expect(line.receiver.taken.map(call => call.deliveryId)).toEqual([id])
    expect(await manage('PUT', `/deliveries/${id}/replay`)).toMatchObject({
      status: 409,
      body: { error: { code: 'delivery_not_set_aside' } },
    })
  }, 60_000)

  test('because its channel is switched off stays until it is on again', async () => {
    const line = await openLine()
    await manage('PATCH', `/channels/${line.id}`, { active: false })
    await queue(line)
    await sendDue(app.place)
    expect(line.receiver.calls).toEqual([])
    await manage('PATCH', `/channels/${line.id}`, { active: true })
    await sendDue(app.place)
    expect(line.receiver.taken).toHaveLength(1)
  })
})

describe('a lease', () => {
  test('runs out when its sender dies, and the next sender sends the same once more', async () => {
    const line = await openLine()
    const id = await queue(line)
    const [dead] = await app.act(ctx => claimDeliveries(ctx, 10))
    await sendDue(app.place)
    expect(line.receiver.calls).toEqual([])
    app.advance(61)
    await sendDue(app.place)
    expect(line.receiver.taken.map(call => call.deliveryId)).toEqual([id])
    await app.act(ctx => settleDelivery(ctx, dead!, { outcome: 'refused', reason: 'too late to say' }))
    expect(await states(line)).toEqual(['done'])
  })

  test("that another took over is no longer the first one's to settle", async () => {
    const line = await openLine()
    await queue(line)
    const [slow] = await app.act(ctx => claimDeliveries(ctx, 10))
    app.advance(61)
    const [other] = await app.act(ctx => claimDeliveries(ctx, 10))
    await app.act(ctx => settleDelivery(ctx, slow!, { outcome: 'refused', reason: 'too late to say' }))
    expect(await states(line)).toEqual(['leased'])
    await app.act(ctx => settleDelivery(ctx, other!, { outcome: 'done' }))
    expect(await states(line)).toEqual(['done'])
  })

  test('that was lost says so, and one sender at a time has it', async () => {
    const line = await openLine()
    await queue(line)
    const claims = await Promise.all([1, 2, 3, 4].map(() => app.act(ctx => claimDeliveries(ctx, 10))))
    expect(claims.flat().map(claim => claim.wasLost)).toEqual([false])
    app.advance(61)
    const [again] = await app.act(ctx => claimDeliveries(ctx, 10))
    expect(again).toMatchObject({ wasLost: true, attempts: 2 })
    await app.act(ctx => settleDelivery(ctx, again!, { outcome: 'uncertain', reason: 'sender_died' }))
    expect(await states(line)).toEqual(['uncertain'])
    await sendDue(app.place)
    expect(line.receiver.calls).toEqual([])
  })

  test('lost by one receiver alone is no reason to rest for the others', async () => {
    const line = await openLine()
    for (let n = 0; n < 8; n++) {
      const id = await queue(line, { conversationId: crypto.randomUUID() })
      const [claimed] = await app.act(ctx => claimDeliveries(ctx, 1))
      expect(claimed!.id).toBe(id)
      await app.act(ctx =>
        settleDelivery(ctx, claimed!, {
          outcome: 'later',
          reason: 'greylisted',
          pauseSeconds: 600,
          isOnlyThis: true,
        }),
      )
    }
    const { rows } = await app.place.pool.query('select 1 from delivery_breakers where channel_id = $1', [
      line.id,
    ])
    expect(rows).toEqual([])
  })

  test('on the first of a conversation keeps the others of it back, and only those', async () => {
    const line = await openLine()
    const [a, b] = [
      await queue(line, { conversationId: conversationIds[0] }),
      await queue(line, { conversationId: conversationIds[0] }),
    ]
    const c = await queue(line, { conversationId: conversationIds[1] })
    const claimed = await app.act(ctx => claimDeliveries(ctx, 10))
    expect(claimed.map(claim => claim.id)).toEqual([a, c])
    expect(await app.act(ctx => claimDeliveries(ctx, 10))).toEqual([])
    await app.act(ctx => settleDelivery(ctx, claimed[0]!, { outcome: 'later', reason: 'x' }))
    expect(
      await app.act(ctx => claimDeliveries(ctx, 10)).then(all => all.filter(claim => claim.id === b)),
    ).toEqual([])
  })
})

describe('the list', () => {
  test('goes by state and page, newest first, and hides what one may not see', async () => {
    const line = await openLine({ webhookUrl: null })
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.unshift(await queue(line))
    await sendDue(app.place)
    const list = async (query: string, by = manage) => {
      const answer = await by('GET', `/deliveries?channelId=${line.id}${query}`)
      expect(answer.body).toMatchObject({ items: expect.any(Array) })
      return answer.body
    }
    const first = await list('&state=refused&limit=2')
    const second = await list(`&state=refused&limit=2&cursor=${first.next}`)
    expect([...first.items, ...second.items].map((item: { id: string }) => item.id)).toEqual(ids)
    expect(second.next).toBeNull()
    expect((await list('&state=done')).items).toEqual([])
    expect((await list('', app.as(['channels:manage'], []))).items).toEqual([])
    expect((await list('', app.as(['channels:manage']))).items[0]).toMatchObject({ to: 'a•••', text: 'H•••' })
    expect(await app.as(['channels:manage'], [])('PUT', `/deliveries/${ids[0]}/replay`)).toMatchObject({
      status: 404,
    })
    expect(await app.as(['staff:read'])('GET', '/deliveries')).toMatchObject({ status: 403 })
  })
})

test('how many wait, since when, and how many need a person is known for each channel', async () => {
  const line = await openLine({ webhookUrl: null })
  await queue(line)
  await sendDue(app.place)
  await queue(line)
  app.advance(30)
  await queue(line)
  const own = (await app.act(deliveryHealth)).find(health => health.channelId === line.id)
  expect(own).toEqual({
    channelId: line.id,
    waiting: 2,
    refused: 1,
    uncertain: 0,
    dead: 0,
    oldestAgeSeconds: 30,
  })
  const all = await deliveryMeasures.find(measure => measure.name === 'afar_deliveries')!.read(app.place.pool)
  expect(all).toContainEqual({ value: 2, labels: { channel: line.id, state: 'waiting' } })
})

type Line = Awaited<ReturnType<typeof openLine>>
type Message = { conversationId?: string | undefined; seq?: number; text?: string; idemKey?: string }

const attachment = {
  fileId: '018f0000-0000-7000-8000-000000000001',
  name: 'a.pdf',
  type: 'application/pdf',
  size: 3,
}
const conversationIds = [1, 2, 3].map(n => `018f0000-0000-7000-8000-00000000010${n}`)

async function openLine(settings: object = {}) {
  // Whatever other tests left waiting is none of this one's.
  await app.place.pool.query("update deliveries set state = 'refused' where state in ('pending', 'leased')")
  const receiver = await startApiReceiver({ secrets: [], now: () => app.place.clock.now() })
  onTestFinished(() => void receiver.stop())
  const channel = await app.makeChannel('api', { webhookUrl: receiver.url, ...settings })
  receiver.secrets.push(channel.secret)
  return { ...channel, receiver, conversation: crypto.randomUUID() }
}

async function queue(
  line: Line,
  {
    conversationId = line.conversation,
    seq = 1,
    text = 'Hello',
    idemKey = crypto.randomUUID(),
  }: Message = {},
) {
  await app.act(ctx =>
    queueDelivery(ctx, {
      channelId: line.id,
      messageId: crypto.randomUUID(),
      conversationId,
      idemKey,
      payload: { seq, to: 'ana', text, attachments: [attachment], sentAt: '2026-01-05T09:00:00.000Z' },
    }),
  )
  const { rows } = await app.place.pool.query('select id from deliveries where idem_key = $1', [idemKey])
  return rows[0].id as string
}

function work() {
  const sender = startSending(app.place)
  onTestFinished(() => sender.stop())
  return sender
}

async function states(line: Line): Promise<string[]> {
  const { rows } = await app.place.pool.query(
    'select state from deliveries where channel_id = $1 order by position',
    [line.id],
  )
  return rows.map(row => row.state)
}

async function reasons(line: Line): Promise<string[]> {
  const { rows } = await app.place.pool.query(
    'select state, reason from deliveries where channel_id = $1 order by position',
    [line.id],
  )
  return rows.map(row => `${row.state} ${row.reason}`)
}

async function told(line: Line) {
  const { rows } = await app.place.pool.query(
    "select payload from events where name = 'delivery.changed' and payload->>'channelId' = $1 order by id",
    [line.id],
  )
  return rows.map(row => row.payload)
}

function expectOnceAndInOrder({ receiver }: Line, sent: { conversationId: string; seq: number }[]) {
  expect(receiver.taken).toHaveLength(sent.length)
  for (const [conversationId, taken] of Map.groupBy(receiver.taken, call => call.body.conversationId))
    expect(taken.map(call => call.body.seq)).toEqual(
      sent.filter(message => message.conversationId === conversationId).map(message => message.seq),
    )
}
