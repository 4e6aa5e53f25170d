import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import type { Conversation } from '../schemas.ts'
import type { QuickReply, QuickReplyEffect, QuickReplyUse } from './schemas.ts'

const app = await startTestApp()
const store = await makeStore(app, { languages: ['en', 'zh'] })
const admin = await app.as('admin', { name: 'Ada' })
const agent = await app.as('agent', { name: 'Li Wei' })

async function chat() {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return { visitor, id: body.conversation.id }
}
const add = async (fields: Record<string, unknown>, by = admin) => {
  const { status, body } = await by.post('/quick-replies', {
    ...{ shortcut: `m${app.unique()}`, title: 'Macro', text: '' },
    ...fields,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body as QuickReply
}
const use = (
  id: string,
  { id: quickReplyId }: QuickReply,
  fields: Record<string, unknown> = {},
  by = agent,
) =>
  by.post(`/conversations/${id}/quick-reply-uses`, {
    ...{ quickReplyId, clientId: randomUUID(), lastSeenSeq: 99 },
    ...fields,
  }) as Promise<{ status: number; body: QuickReplyUse & { error: { code: string; details: object } } }>
const preview = (id: string, { id: quickReplyId }: QuickReply, by = agent) =>
  by.post(`/conversations/${id}/quick-reply-previews`, { quickReplyId }) as Promise<{
    status: number
    body: QuickReplyEffect
  }>
const stateOf = async (id: string) =>
  (await agent.get(`/conversations/${id}`)).body as unknown as Conversation
const linesOf = async (id: string) =>
  ((await agent.get(`/conversations/${id}/messages`)).body as { items: { kind: string; text: string }[] })
    .items
const upload = async (by: typeof admin, name: string) => {
  const boundary = 'x'
  const payload = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\nSizes\r\n--${boundary}--\r\n`
  const headers = { ...by.headers, 'content-type': `multipart/form-data; boundary=${boundary}` }
  const answer = await app.http.inject({ method: 'POST', url: '/api/files', headers, payload })
  return answer.json<{ id: string }>().id
}

const urgent = { code: 'set_priority', params: { priority: 'urgent' } }
const tag = { code: 'add_tags', params: { tags: ['gift'] } }
const note = { code: 'add_note', params: { text: 'Told {{customer.first_name|him}}' } }
const resolve = { code: 'set_status', params: { category: 'resolved' } }

describe('using a quick reply', () => {
  test('does its steps and gives its text, filled in, to be looked at', async () => {
    const { id } = await chat()
    const macro = await add({
      text: 'Hi {{customer.first_name|there}}, {{agent.name}} here',
      steps: [urgent, tag, note],
    })
    const { status, body } = await use(id, macro)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      text: 'Hi there, Li Wei here',
      isSent: false,
      afterwards: null,
      canUndo: true,
    })
    expect(body.conversation).toMatchObject({ priority: 'urgent', tags: ['gift'] })
    expect(await linesOf(id)).toMatchObject([{ kind: 'customer' }, { kind: 'note', text: 'Told him' }])
  })

  test('puts the conversation aside from when it is used, and again from the next time', async () => {
    const macro = await add({ steps: [{ code: 'snooze', params: { forMinutes: 60 } }] })
    for (const { id } of [await chat(), await chat()]) {
      app.clock.advance(7 * 60)
      const { body } = await use(id, macro)
      expect(body.conversation.snoozedUntil).toBe(new Date(app.clock.now.getTime() + 3_600_000).toISOString())
    }
  })

  test('speaks the language of the conversation, else the first of the store there is', async () => {
    const { id } = await chat()
    const macro = await add({
      ...{ language: 'de', text: 'Hallo' },
      translations: [
        { language: 'zh-CN', title: '你好', text: '你好' },
        { language: 'fr', title: 'Bonjour', text: 'Bonjour' },
      ],
    })
    const speak = async (language: string | null) => {
      await app.place.pool.query('update conversations set language = $2 where id = $1', [id, language])
      return (await preview(id, macro)).body.text
    }
    expect(await speak('fr-CA')).toBe('Bonjour')
    expect(await speak('de')).toBe('Hallo')
    expect(await speak('ja')).toBe('你好')
    expect(await speak(null)).toBe('你好')
  })

  test('that sends at once says it before what follows, as it was told to', async () => {
    const { id, visitor } = await chat()
    const macro = await add({ text: 'Solved, {{store.name}}', steps: [resolve], sendsAtOnce: true })
    const { body } = await use(id, macro)
    expect(body).toMatchObject({ isSent: true, text: '' })
    expect(body.conversation.status.category).toBe('resolved')
    expect(JSON.stringify((await visitor.get('/widget/messages')).body)).toContain(`Solved, ${store.name}`)
  })

  test('leaves the resolving to the sending of a text that is looked at first', async () => {
    const { id } = await chat()
    const { body } = await use(id, await add({ text: 'Solved', steps: [urgent, resolve] }))
    expect(body).toMatchObject({ afterwards: 'resolve', text: 'Solved' })
    expect(body.conversation).toMatchObject({ priority: 'urgent', status: { category: 'new' } })
    expect((await use(id, await add({ steps: [resolve] }))).body.conversation.status.category).toBe(
      'resolved',
    )
  })

  test('does none of its steps where one is refused, and says which', async () => {
    const { id } = await chat()
    const before = await stateOf(id)
    const bad = { code: 'set_reason', params: { reason: 'nowhere.at_all' } }
    const { status, body } = await use(id, await add({ text: 'Hi', steps: [urgent, tag, note, bad] }))
    expect(status).toBe(422)
    expect(body.error).toMatchObject({ code: 'unknown_reason', details: { step: 3 } })
    expect(await stateOf(id)).toEqual(before)
  })

  test('is refused where the conversation was changed or something was missed meanwhile', async () => {
    const { id, visitor } = await chat()
    const { version } = await stateOf(id)
    const macro = await add({ text: 'Hi', steps: [urgent], sendsAtOnce: true })
    await agent.put(`/conversations/${id}/tags`, { tags: ['other'] })
    expect((await use(id, macro, { expectedVersion: version })).body.error.code).toBe('changed_meanwhile')
    await visitor.say('One more thing')
    await app.settled()
    expect((await use(id, macro, { lastSeenSeq: 1 })).body.error.code).toBe('missed_messages')
    expect((await stateOf(id)).priority).toBe('normal')
  })

  test('asked for twice with one id happens once', async () => {
    const { id } = await chat()
    const macro = await add({ text: 'Hi', steps: [note], sendsAtOnce: true })
    const clientId = randomUUID()
    const first = await use(id, macro, { clientId })
    const second = await use(id, macro, { clientId })
    expect(second.body.id).toBe(first.body.id)
    expect((await linesOf(id)).map(({ kind }) => kind)).toEqual(['customer', 'reply', 'note'])
  })

  test('needs of the one who uses it what each step needs', async () => {
    const { id } = await chat()
    const macro = await add({ steps: [{ code: 'assign', params: { staffId: agent.id } }] })
    const role = (await admin.post('/roles', {
      ...{ name: 'Replier', permissions: ['conversations:read', 'conversations:reply'] },
    })) as { body: { id: string } }
    const person = await app.as('agent')
    await admin.patch(`/staff/${person.id}`, { roleId: role.body.id })
    expect((await use(id, macro, {}, person)).status).toBe(403)
    expect((await preview(id, macro, person)).body.steps[0]!.refused!.code).toBe('permission_denied')
  })

  test('of another store or of a colleague is not there', async () => {
    const { id } = await chat()
    const other = await makeStore(app)
    expect((await use(id, await add({ text: 'Hi', storeId: other.id }))).status).toBe(404)
    expect((await use(id, await add({ text: 'Hi', isPersonal: true }))).status).toBe(404)
  })

  test('is counted for thirty days', async () => {
    const { id } = await chat()
    const macro = await add({ text: 'Hi' })
    await use(id, macro)
    await use(id, macro)
    const usesOf = async () =>
      ((await admin.get('/quick-replies')).body as { items: QuickReply[] }).items.find(
        ({ id }) => id === macro.id,
      )!.uses
    expect(await usesOf()).toBe(2)
    await app.place.pool.query(
      `update quick_reply_uses set at = at - interval '31 days' where conversation_id = $1`,
      [id],
    )
    expect(await usesOf()).toBe(0)
  })
})

describe('the preview of a quick reply', () => {
  /** Save for what is written behind the rest: how far the reactions and the index of words are. */
  const everything = async () => {
    const { rows } = await app.place.pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') and tablename not in ('reaction_cursors', 'search_progress', 'message_search', 'staff')`,
    )
    const all: Record<string, string> = {}
    for (const { name } of rows) {
      const { rows: found } = await app.place.pool.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t.xmin::text || t::text, '|' order by t::text)), '') as sum from ${name} as t`,
      )
      all[name] = found[0].sum
    }
    return all
  }

  test('says in words what it would say and change, and what is so already', async () => {
    const { id } = await chat()
    await agent.put(`/conversations/${id}/tags`, { tags: ['gift'] })
    const assign = { code: 'assign', params: { staffId: admin.id } }
    const macro = await add({
      text: 'Hi {{customer.first_name|there}}',
      steps: [urgent, tag, assign, note, resolve],
    })
    const { body } = await preview(id, macro)
    expect(body).toMatchObject({ text: 'Hi there', refused: null, afterwards: 'resolve', sendsAtOnce: false })
    expect(body.steps).toEqual([
      {
        code: 'set_priority',
        refused: null,
        changes: [{ field: 'priority', from: ['normal'], to: ['urgent'] }],
      },
      { code: 'add_tags', refused: null, changes: [] },
      { code: 'assign', refused: null, changes: [{ field: 'assignee', from: [], to: ['Ada'] }] },
      { code: 'add_note', refused: null, changes: [{ field: 'note', from: [], to: ['Told him'] }] },
    ])
  })

  test('leaves nothing behind, tells nobody and moves no file, whatever it tries', async () => {
    const { id, visitor } = await chat()
    const fileIds = [await upload(admin, 'sizes.txt')]
    const macro = await add({
      ...{ text: 'Solved', fileIds, sendsAtOnce: true },
      steps: [urgent, tag, note, { code: 'assign', params: { staffId: admin.id } }, resolve],
    })
    await app.settled()
    const heard = JSON.stringify((await visitor.get('/widget/messages')).body)
    const before = await everything()
    const { status, body } = await preview(id, macro)
    expect(status).toBe(200)
    expect(body.steps.every(({ changes }) => changes.length > 0)).toBe(true)
    expect(await everything()).toEqual(before)
    expect(JSON.stringify((await visitor.get('/widget/messages')).body)).toBe(heard)
  })

  test('tells of what would be refused, beside the rest', async () => {
    const { id } = await chat()
    const bad = { code: 'set_reason', params: { reason: 'nowhere.at_all' } }
    const macro = await add({ text: 'Dear {{customer.first_name}}', steps: [bad, urgent] })
    const { body } = await preview(id, macro)
    expect(body.refused).toEqual({ code: 'empty_variable', names: ['customer.first_name'] })
    expect(body.steps).toMatchObject([
      { refused: { code: 'unknown_reason' }, changes: [] },
      { refused: null, changes: [{ field: 'priority' }] },
    ])
  })
})

describe('taking back a quick reply', () => {
  test('brings back what its steps changed, the last first', async () => {
    const { id } = await chat()
    await agent.put(`/conversations/${id}/tags`, { tags: ['kept'] })
    const before = await stateOf(id)
    const assign = { code: 'assign', params: { staffId: admin.id } }
    const { body } = await use(id, await add({ steps: [urgent, tag, assign, resolve, note] }))
    const after = (await agent.delete(`/conversations/${id}/quick-reply-uses/${body.id}`)) as {
      body: Conversation
    }
    expect(after.body).toMatchObject({
      tags: ['kept'],
      priority: 'normal',
      assignee: null,
      status: before.status,
    })
    expect((await linesOf(id)).at(-1)!.kind).toBe('note')
    expect((await agent.delete(`/conversations/${id}/quick-reply-uses/${body.id}`)).status).toBe(200)
    expect((await stateOf(id)).version).toBe(after.body.version)
  })

  test('is refused after a minute, after somebody else’s change, and to others', async () => {
    const { id } = await chat()
    const macro = await add({ steps: [urgent] })
    const { body } = await use(id, macro)
    const url = `/conversations/${id}/quick-reply-uses/${body.id}`
    expect((await admin.delete(url)).status).toBe(404)
    await admin.put(`/conversations/${id}/tags`, { tags: ['theirs'] })
    expect((await agent.delete(url)).body).toMatchObject({ error: { code: 'changed_meanwhile' } })
    const again = await use(id, await add({ steps: [{ code: 'set_priority', params: { priority: 'low' } }] }))
    app.clock.advance(61)
    expect((await agent.delete(`/conversations/${id}/quick-reply-uses/${again.body.id}`)).body).toMatchObject(
      {
        error: { code: 'undo_too_late' },
      },
    )
  })
})

describe('what a quick reply carries', () => {
  test('is copied for everybody who uses it, and is nobody’s to give away', async () => {
    const fileIds = [await upload(admin, 'sizes.txt')]
    const macro = await add({ text: 'See the table', fileIds })
    expect(macro.files).toMatchObject([{ name: 'sizes.txt' }])
    expect(macro.files[0]!.id).not.toBe(fileIds[0])
    for (const by of [agent, admin]) {
      const { id } = await chat()
      const { body } = await use(id, macro, {}, by)
      const attachmentIds = body.files.map(({ id }) => id)
      const reply = { clientId: randomUUID(), text: 'See', attachmentIds, lastSeenSeq: 99 }
      expect((await by.post(`/conversations/${id}/replies`, reply)).status).toBe(201)
    }
    const { id } = await chat()
    const stolen = { clientId: randomUUID(), text: 'x', attachmentIds: [macro.files[0]!.id], lastSeenSeq: 99 }
    expect((await admin.post(`/conversations/${id}/replies`, stolen)).status).toBe(422)
  })

  test('is sent with it where it sends at once', async () => {
    const { id } = await chat()
    const fileIds = [await upload(admin, 'sizes.txt')]
    await use(id, await add({ text: 'See', fileIds, sendsAtOnce: true }))
    expect((await linesOf(id)).at(-1)).toMatchObject({ kind: 'reply', attachments: [{ name: 'sizes.txt' }] })
  })

  test('must have been uploaded by who saves it', async () => {
    const fileIds = [await upload(agent, 'theirs.txt')]
    const body = { shortcut: 'theirs', title: 'T', text: 'x', fileIds }
    expect((await admin.post('/quick-replies', body)).body).toMatchObject({
      error: { code: 'attachment_not_found' },
    })
  })
})

describe('a quick reply is refused', () => {
  const refused = async (fields: Record<string, unknown>, by = admin) =>
    (
      (await by.post('/quick-replies', {
        shortcut: `r${app.unique()}`,
        title: 'T',
        text: '',
        ...fields,
      })) as {
        body: { error: { code: string; details: object } }
      }
    ).body.error

  test('without anything to say or do', async () => {
    expect(await refused({})).toMatchObject({ code: 'empty_quick_reply' })
  })

  test('with the place of a step that is unknown, lacks something, or is not its maker’s to do', async () => {
    expect(await refused({ steps: [urgent, { code: 'explode', params: {} }] })).toMatchObject({
      ...{ code: 'unknown_action', details: { path: 'steps.1.code' } },
    })
    expect(await refused({ steps: [{ code: 'set_priority', params: { priority: 'huge' } }] })).toMatchObject({
      ...{ code: 'invalid_action', details: { path: 'steps.0.params.priority' } },
    })
    expect(await refused({ steps: [{ code: 'reply', params: { text: 'Hi' } }] })).toMatchObject({
      code: 'reply_is_no_step',
    })
  })

  test('that closes what its text would have to be sent in', async () => {
    const steps = [{ code: 'set_status', params: { category: 'closed' } }]
    expect(await refused({ text: 'Bye', steps })).toMatchObject({ code: 'closed_before_sent' })
    expect((await add({ text: 'Bye', steps, sendsAtOnce: true })).steps).toHaveLength(1)
  })

  test('with a variable that nobody has, in any language or step', async () => {
    const odd = 'Hi {{customer.nickname}}'
    for (const fields of [
      { text: odd },
      { text: 'Hi', language: 'en', translations: [{ language: 'de', title: 'T', text: odd }] },
      { steps: [{ code: 'add_note', params: { text: odd } }] },
    ])
      expect(await refused(fields)).toMatchObject({
        code: 'unknown_variable',
        details: { names: ['customer.nickname'] },
      })
  })

  test('with two texts for one language', async () => {
    const translations = [{ language: 'en', title: 'T', text: 'Hello' }]
    expect(await refused({ text: 'Hi', language: 'en', translations })).toMatchObject({
      code: 'languages_overlap',
    })
    expect(await refused({ text: 'Hi', translations })).toMatchObject({ code: 'languages_overlap' })
  })

  test('where another one holds its shortcut, also when it is changed to it', async () => {
    const one = await add({ text: 'Hi' })
    const two = await add({ text: 'Hi' })
    expect(await refused({ text: 'Hi', shortcut: one.shortcut })).toMatchObject({ code: 'shortcut_taken' })
    const changed = await admin.patch(`/quick-replies/${two.id}`, { shortcut: one.shortcut })
    expect(changed.body).toMatchObject({ error: { code: 'shortcut_taken' } })
    const stale = await admin.patch(`/quick-replies/${two.id}`, { title: 'New', expectedVersion: 7 })
    expect(stale.body).toMatchObject({ error: { code: 'changed_meanwhile' } })
  })
})
