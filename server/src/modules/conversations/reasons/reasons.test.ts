import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { createCompany } from '../../settings/company.ts'
import { seedContactReasons } from './reasons.ts'
import { trainReasonModel } from './training.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const agent = await app.as('agent')
const store = await makeStore(app)

const chat = async (text = 'Hello, where is my parcel? The tracking has not changed') => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say(text)
  await app.settled()
  return body.conversation.id
}
type Reason = { code: string; nameEn: string; groupCode: string | null; isActive: boolean }
const listed = async () => ((await agent.get('/contact-reasons')).body as { items: Reason[] }).items
const give = (id: string, reason: string, fields = {}) =>
  agent.put(`/conversations/${id}/reason`, { reason, ...fields })
const make = async () => {
  const code = `order.own_${app.unique()}`
  expect(await admin.post('/contact-reasons', { code, nameZh: '自己的', nameEn: 'Our own' })).toMatchObject({
    status: 201,
    body: { code, groupCode: 'order', automation: 'draft' },
  })
  return code
}
const refused = (status: number, code: string) => ({ status, body: { error: { code } } })

describe('contact reasons', () => {
  test('are there from the start, in two levels and both languages', async () => {
    const items = await listed()
    expect(items.filter(({ groupCode }) => groupCode === null)).toHaveLength(21)
    expect(items.find(({ code }) => code === 'complaint.safety')).toMatchObject({
      ...{ groupCode: 'complaint', nameZh: '安全事故', nameEn: 'Safety incident', automation: 'never' },
      ...{ strategyZh: expect.stringContaining('\n'), strategyEn: expect.stringContaining('\n') },
    })
  })

  test('changed by the company stay so at the next start', async () => {
    await admin.patch('/contact-reasons/tech.usage', { nameEn: 'How-to', isActive: false })
    await app.act(seedContactReasons)
    expect((await listed()).find(({ code }) => code === 'tech.usage')).toMatchObject({
      ...{ nameEn: 'How-to', isActive: false },
    })
    await admin.patch('/contact-reasons/tech.usage', { isActive: true })
  })

  test('are made within a group that is there, once', async () => {
    const code = await make()
    const again = { code, nameZh: '又', nameEn: 'Again' }
    expect(await admin.post('/contact-reasons', again)).toMatchObject(refused(409, 'reason_exists'))
    expect(await admin.post('/contact-reasons', { ...again, code: 'nowhere.x' })).toMatchObject(
      refused(422, 'reason_group_unknown'),
    )
  })

  test('are deleted only where nobody gave them and the house did not bring them', async () => {
    const [used, unused] = [await make(), await make()]
    await give(await chat(), used)
    expect(await admin.delete(`/contact-reasons/${used}`)).toMatchObject(refused(409, 'reason_in_use'))
    expect(await admin.delete(`/contact-reasons/${unused}`)).toMatchObject({ status: 204 })
    expect(await admin.delete('/contact-reasons/spam.other')).toMatchObject(
      refused(409, 'reason_of_the_house'),
    )
  })
})

describe('the reason of a conversation', () => {
  test('is the one given last; the first is kept as that at the opening', async () => {
    const id = await chat()
    expect(await give(id, 'wismo.in_transit')).toMatchObject({
      status: 200,
      body: { reason: 'wismo.in_transit', reasonAtOpen: 'wismo.in_transit' },
    })
    expect(await give(id, 'wismo.stalled')).toMatchObject({
      body: { reason: 'wismo.stalled', reasonAtOpen: 'wismo.in_transit' },
    })
    const { rows } = await app.place.pool.query(
      "select payload -> 'fields' as fields from events where conversation_id = $1 and name = 'conversation.changed'",
      [id],
    )
    expect(rows).toEqual([{ fields: ['reason'] }, { fields: ['reason'] }])
  })

  test('that is unknown, a group or not in use is refused', async () => {
    const [id, code] = [await chat(), await make()]
    await admin.patch(`/contact-reasons/${code}`, { isActive: false })
    for (const reason of ['no.such', 'wismo', code])
      expect(await give(id, reason)).toMatchObject(refused(422, 'unknown_reason'))
  })

  test('of a group that is not in use is refused', async () => {
    const group = `group${app.unique()}`
    await admin.post('/contact-reasons', { code: group, nameZh: '组', nameEn: 'Group' })
    await admin.post('/contact-reasons', { code: `${group}.one`, nameZh: '一', nameEn: 'One' })
    await admin.patch(`/contact-reasons/${group}`, { isActive: false })
    expect(await give(await chat(), `${group}.one`)).toMatchObject(refused(422, 'unknown_reason'))
  })

  test('given to what somebody changed meanwhile is refused', async () => {
    const id = await chat()
    expect(await give(id, 'order.cancel', { expectedVersion: 99 })).toMatchObject(
      refused(409, 'changed_meanwhile'),
    )
  })

  test('may be given in resolving', async () => {
    const id = await chat()
    expect(
      await agent.put(`/conversations/${id}/status`, { category: 'resolved', reason: 'refund.status' }),
    ).toMatchObject({ status: 200, body: { reason: 'refund.status', status: { category: 'resolved' } } })
  })

  test('is asked for in resolving, in each way, where the company wants it', async () => {
    await admin.patch('/company', { requiresReason: true })
    const id = await chat()
    const said = { clientId: randomUUID(), text: 'Done.', lastSeenSeq: 1, afterwards: 'resolve' }
    const required = refused(422, 'reason_required')
    expect(await agent.put(`/conversations/${id}/status`, { category: 'resolved' })).toMatchObject(required)
    expect(await agent.post(`/conversations/${id}/replies`, said)).toMatchObject(required)
    expect(await agent.post(`/conversations/${id}/held-replies`, { ...said, why: 'undo' })).toMatchObject(
      required,
    )
    await give(id, 'order.cancel')
    expect(await agent.post(`/conversations/${id}/replies`, said)).toMatchObject({ status: 201 })
    await admin.patch('/company', { requiresReason: false })
  })
})

describe('a suggestion', () => {
  const suggested = async (id: string) =>
    (
      (await agent.get(`/conversations/${id}/reason-suggestion`)).body as {
        items: { reason: string; probability: number; words: string[] }[]
      }
    ).items

  test('is learnt first from the seeds, and told with how often it was right', async () => {
    await trainReasonModel(app.place)
    const { body } = await agent.get('/reason-model')
    expect(body).toMatchObject({ accuracy: { triedOn: 'seeds', tried: 407 }, labelsSince: 0 })
    const { accuracy } = body as unknown as { accuracy: { low: number; share: number; high: number } }
    expect(accuracy.low).toBeLessThan(accuracy.share)
    expect(accuracy.high).toBeGreaterThan(accuracy.share)
  })

  test('says how likely and why, and sets nothing', async () => {
    const id = await chat('The kettle arrived broken, the glass is cracked')
    const [first] = await suggested(id)
    expect(first).toMatchObject({ reason: 'quality.damaged', words: expect.arrayContaining(['broken']) })
    expect(await agent.get(`/conversations/${id}`)).toMatchObject({ body: { reason: null } })
  })

  test('in a language that was not taught is made only where it is sure', async () => {
    const id = await chat(
      'Guten Tag, laut Tracking ist mein Paket seit Tagen in Leipzig, können Sie das bitte prüfen?',
    )
    expect(await suggested(id)).toEqual([])
  })

  test('is never a reason that is not in use', async () => {
    const id = await chat('I want to claim warranty, is the guarantee still valid')
    expect((await suggested(id))[0]).toMatchObject({ reason: 'warranty.claim' })
    await admin.patch('/contact-reasons/warranty.claim', { isActive: false })
    expect((await suggested(id)).map(({ reason }) => reason)).not.toContain('warranty.claim')
    await admin.patch('/contact-reasons/warranty.claim', { isActive: true })
  })

  test(
    'learns from fifty labels without being asked, and is tried on them',
    { timeout: 90_000 },
    async () => {
      const code = await make()
      const { rows } = await app.place.pool.query('select labels_since from reason_models')
      const ids: string[] = []
      for (let n = 0; n < 60; n += 6)
        ids.push(
          ...(await Promise.all(
            [0, 1, 2, 3, 4, 5].map(more => chat(`Zanzibar engraving question number ${n + more}`)),
          )),
        )
      for (const id of ids.slice(0, 50 - (rows[0].labels_since % 50))) await give(id, code)
      await app.settled()
      await expect
        .poll(async () => (await agent.get('/reason-model')).body, { timeout: 20_000 })
        .toMatchObject({ accuracy: { triedOn: 'own' }, labelsSince: 0 })
      expect((await suggested(ids.at(-1)!))[0]).toMatchObject({ reason: code })
    },
  )
})
