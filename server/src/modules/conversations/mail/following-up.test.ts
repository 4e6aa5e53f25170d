import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, rawMail } from '../../../../test/mail.ts'
import { makeVisitor } from '../../../../test/make.ts'
import { makeMailId } from '../../channels/mail/reply-token.ts'
import type { Message } from '../schemas.ts'

const app = await startTestApp()
const agent = await app.as('admin')
const smtp = { host: 'smtp.shop.example', port: 465 }

describe('a chat whose visitor has left', () => {
  test('goes on by mail to the address he gave, with what he has not read, once', async () => {
    const { conversationId, answer } = await chat({ email: 'vi@buyer.example' })
    await answer('It ships today.')
    await answer('With tracking.')
    await later(119)
    expect(await mailsOf(conversationId)).toEqual([])
    await later(2)
    await later(600)
    const [sent, ...others] = await mailsOf(conversationId)
    expect(others).toEqual([])
    expect(sent.payload.to).toBe('vi@buyer.example')
    expect(sent.payload.text).toContain('It ships today.\n\nWith tracking.')
  })

  test('comes back by his answer, into the same conversation and the same widget', async () => {
    const { conversationId, answer, channel, visitor } = await chat({ email: 'wu@buyer.example' })
    await answer('It ships today.')
    await later(121)
    const [sent] = await mailsOf(conversationId)
    const mailId = makeMailId(app.place.secrets, conversationId, sent.message_id, 'shop.example')
    await mailsIn(
      app,
      channel,
      rawMail({ from: 'wu@buyer.example', headers: { References: `<${mailId}>` }, text: 'Thank you!' }),
    )
    const { items } = (await agent.get(`/conversations/${conversationId}/messages`)).body as {
      items: Message[]
    }
    expect(items.map(({ text }) => text)).toEqual(['Hello', 'It ships today.', 'Thank you!'])
    const seen = (await visitor.get('/widget/messages')).body as unknown as { items: { text: string }[] }
    expect(seen.items.map(({ text }) => text)).toContain('Thank you!')
  })

  test('who has read the answer gets no mail', async () => {
    const { conversationId, answer, visitor } = await chat({ email: 'xi@buyer.example' })
    await answer('It ships today.')
    await visitor.put('/widget/read', { seq: 2 })
    await later(121)
    expect(await mailsOf(conversationId)).toEqual([])
  })

  test('without an address, or to one that is suppressed, nothing is sent', async () => {
    const nameless = await chat({})
    await nameless.answer('Hello?')
    await later(121)
    expect(await mailsOf(nameless.conversationId)).toEqual([])
    await app.place.pool.query(
      "insert into suppressions (id, kind, address, reason, suppressed_at, created_at) values (gen_random_uuid(), 'email', 'gone@buyer.example', 'hard_bounce', now(), now())",
    )
    const gone = await chat({ email: 'gone@buyer.example' })
    await gone.answer('Hello?')
    await later(121)
    expect(await mailsOf(gone.conversationId)).toEqual([])
  })
})

async function chat({ email }: { email?: string }) {
  const channel = await openMailChannel(app, { smtp })
  const { rows } = await app.place.pool.query('select id, key from stores where id = $1', [channel.storeId])
  const visitor = await makeVisitor(app, rows[0])
  const said = await visitor.say('Hello')
  const conversationId: string = said.body.conversation.id
  if (email) expect((await visitor.put('/widget/contact', { email })).status).toBeLessThan(300)
  const answer = async (text: string) => {
    const reply = { clientId: crypto.randomUUID(), text, lastSeenSeq: 50 }
    expect(await agent.post(`/conversations/${conversationId}/replies`, reply)).toMatchObject({ status: 201 })
  }
  return { channel, visitor, conversationId, answer }
}

async function later(seconds: number) {
  app.clock.advance(seconds)
  await app.sweep()
}

const mailsOf = async (conversationId: string) =>
  (await app.place.pool.query('select * from deliveries where conversation_id = $1', [conversationId])).rows
