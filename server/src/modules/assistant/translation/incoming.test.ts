import { randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { forgetOrphans, forgetTranslations } from './cache.ts'
import { changeTranslationSettings } from './settings.ts'
import { addServices, makeTalk } from './test-services.ts'

const app = await startTestApp({ outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] })

/** Other work may be going on on this machine. */
const patient = { timeout: 10_000 }

const count = async (table: string) =>
  (await app.place.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number

describe('what a customer wrote', () => {
  test('is translated for its assignee after it has come, and its original stays', async () => {
    const [service] = await addServices(app, ['deepl'])
    const talk = await makeTalk(app)
    await talk.take()
    await expect
      .poll(async () => (await talk.translations()).items, patient)
      .toMatchObject([
        {
          messageId: talk.messageId,
          state: 'done',
          text: '(zh) Guten Tag, wo ist meine Bestellung #1042-88 geblieben?',
          from: 'de',
          provider: 'deepl 0',
        },
      ])
    const { items } = (await talk.agent.get(`/conversations/${talk.id}/messages`)).body as {
      items: { text: string }[]
    }
    expect(items[0]!.text).toBe('Guten Tag, wo ist meine Bestellung #1042-88 geblieben?')
    await talk.visitor.say('Ich habe noch nichts von Ihnen gehört, bitte antworten Sie mir.')
    await expect.poll(async () => (await talk.translations()).items.length, patient).toBe(2)
    await expect.poll(() => service!.calls.length, patient).toBe(2)
    expect(JSON.stringify(service!.calls.map(call => call.texts))).not.toContain('1042')
  })

  test('is told to whoever watches once it can be read', async () => {
    await addServices(app, ['openai'])
    const talk = await makeTalk(app)
    await talk.take()
    await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
    const { rows } = await app.place.pool.query(
      "select payload from events where name = 'translation.ready' and conversation_id = $1",
      [talk.id],
    )
    expect(rows).toMatchObject([
      { payload: { messageIds: [talk.messageId], to: 'zh', storeId: talk.store.id } },
    ])
  })

  test('costs nothing where nobody opened it and nobody has it', async () => {
    const [service] = await addServices(app, ['google'])
    const talk = await makeTalk(app)
    await app.settled()
    expect(await talk.translations()).toEqual({ isSetUp: true, isAutomatic: true, items: [] })
    expect(service!.calls).toEqual([])
    await talk.ask([talk.messageId])
    await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
    expect(service!.calls).toHaveLength(1)
  })

  test('is left alone where the reader understands it, unless he asks', async () => {
    const [service] = await addServices(app, ['deepl'])
    const talk = await makeTalk(app)
    await talk.agent.patch('/session', { reads: ['de'] })
    await talk.take()
    await app.settled()
    expect((await talk.ask([talk.messageId])).items).toEqual([])
    expect(service!.calls).toEqual([])
    await talk.ask([talk.messageId], { again: true })
    await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
  })

  test('that was written before is paid for once, whoever wrote it', async () => {
    const [service] = await addServices(app, ['deepl'])
    const same = 'Ich möchte meine Bestellung zurückgeben, wie geht das bitte?'
    for (const _ of [1, 2]) {
      const talk = await makeTalk(app, same)
      await talk.ask([talk.messageId])
      await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
    }
    expect(service!.calls).toHaveLength(1)
  })

  test('is not asked for where the company wants it asked for by people', async () => {
    const [service] = await addServices(app, ['deepl'])
    await app.act(ctx => changeTranslationSettings(ctx, { isAutomatic: false }))
    onTestFinished(async () => {
      await app.act(ctx => changeTranslationSettings(ctx, { isAutomatic: true }))
    })
    const talk = await makeTalk(app)
    await talk.take()
    await app.settled()
    expect((await talk.ask([talk.messageId])).items).toEqual([])
    expect(service!.calls).toEqual([])
    await talk.ask([talk.messageId], { again: true })
    await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
  })

  test('of another conversation is not shown in this one', async () => {
    await addServices(app, ['deepl'])
    const [one, other] = [await makeTalk(app), await makeTalk(app)]
    expect((await one.ask([other.messageId])).items).toEqual([])
    expect((await other.agent.get(`/conversations/${one.id}/translations?to=zh`)).status).toBe(404)
  })
})

describe('without a service', () => {
  test('it is said that there is none, and answers go out as they are', async () => {
    const talk = await makeTalk(app)
    await talk.take()
    expect(await talk.ask([talk.messageId])).toMatchObject({ isSetUp: false, items: [] })
    const draft = await talk.agent.post(`/conversations/${talk.id}/draft-translation`, {
      text: '您好',
      to: 'de',
    })
    expect(draft).toMatchObject({
      status: 200,
      body: { state: 'untranslated', reason: 'no_service', text: null },
    })
    const reply = { clientId: randomUUID(), text: 'Guten Tag', attachmentIds: [], lastSeenSeq: 50 }
    expect((await talk.agent.post(`/conversations/${talk.id}/replies`, reply)).status).toBe(201)
  })
})

describe('the line of what waits', () => {
  test('has an end: what would come behind it is marked and can be asked for later', async () => {
    await addServices(app, ['deepl'])
    const talk = await makeTalk(app)
    await app.place.pool.query(
      `insert into messages (id, conversation_id, seq, kind, author_kind, text)
       select gen_random_uuid(), $1, 1000 + n, 'system', 'system', 'x' from generate_series(1, 2000) n`,
      [talk.id],
    )
    await app.place.pool.query(
      `insert into message_translations (message_id, to_language, conversation_id, asked_at, due_at)
       select id, 'fr', $1, now(), '2100-01-01' from messages where conversation_id = $1 and seq > 1000`,
      [talk.id],
    )
    expect((await talk.ask([talk.messageId])).items).toMatchObject([
      { state: 'untranslated', reason: 'line_full' },
    ])
    await app.place.pool.query("delete from message_translations where to_language = 'fr'")
    await talk.ask([talk.messageId], { again: true })
    await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
  })

  test('is worked on by so many at once as the service may be asked', async () => {
    const [service] = await addServices(app, ['deepl'], { atOnce: 2 })
    service!.state.always = { kind: 'delay', ms: 100 }
    const talks = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        makeTalk(app, `Wo ist meine Bestellung Nummer ${n} bitte geblieben?`),
      ),
    )
    for (const talk of talks) await talk.ask([talk.messageId])
    for (const talk of talks)
      await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
    expect(service!.state.mostAtOnce).toBe(2)
  })
})

describe('what is erased', () => {
  test('takes its translation along, and the kept text where no other message has it', async () => {
    await addServices(app, ['deepl'])
    const text = `Ich bin nicht zufrieden mit der Lieferung, bitte ${randomUUID()}`
    const [one, other] = [await makeTalk(app, text), await makeTalk(app, text)]
    for (const talk of [one, other]) {
      await talk.ask([talk.messageId])
      await expect.poll(async () => (await talk.translations()).items[0]?.state, patient).toBe('done')
    }
    const before = await count('translations')
    await app.act(ctx => forgetTranslations(ctx, [one.messageId]))
    expect((await one.translations()).items).toEqual([])
    expect(await count('translations')).toBe(before)
    await app.act(ctx => forgetTranslations(ctx, [other.messageId]))
    expect(await count('translations')).toBe(before - 1)
  })

  test('a draft that was never sent is forgotten after a day', async () => {
    await addServices(app, ['deepl'])
    const talk = await makeTalk(app)
    await talk.agent.post(`/conversations/${talk.id}/draft-translation`, {
      text: '明天给您答复，请稍等',
      to: 'de',
    })
    const before = await count('translations')
    await app.act(async ctx => void (await forgetOrphans(ctx)))
    expect(await count('translations')).toBe(before)
    app.clock.advance(25 * 3_600)
    await app.act(async ctx => void (await forgetOrphans(ctx)))
    expect(await count('translations')).toBeLessThan(before)
  })
})
