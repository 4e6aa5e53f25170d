import { expect, onTestFinished, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { startApiReceiver } from './api-channel.simulator.ts'
import { createChannel, rotateSecret } from './channels.ts'
import { sign } from './signature.ts'

const app = await startTestApp({ outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] })

test('a customer writes through the API channel, everything two to three times at once, and reads each answer once', async () => {
  const line = await openLine()
  const agent = await app.as('supervisor')
  const said = Array.from({ length: 10 }, (_, n) =>
    JSON.stringify({ id: `m-${n}`, from: { id: 'ana', name: 'Ana', language: 'de' }, text: `Frage ${n}` }),
  )
  const answers = await Promise.all([...said, ...said, ...said.slice(5)].map(raw => hand(line, raw)))
  expect(answers.every(answer => answer.status === 202)).toBe(true)
  await app.settled()

  const { items } = (await agent.get(`/conversations?storeId=${line.storeId}`)).body as {
    items: { id: string; lastSeq: number; customer: { name: string } }[]
  }
  expect(items).toMatchObject([{ lastSeq: 10, customer: { name: 'Ana' } }])
  const { id, lastSeq } = items[0]!
  const thread = (await agent.get(`/conversations/${id}/messages`)).body as { items: { text: string }[] }
  expect(thread.items.map(message => message.text)).toEqual(
    Array.from({ length: 10 }, (_, n) => `Frage ${n}`),
  )

  const reply = { clientId: crypto.randomUUID(), text: 'Antwort', attachmentIds: [], lastSeenSeq: lastSeq }
  await Promise.all([
    agent.post(`/conversations/${id}/replies`, reply),
    agent.post(`/conversations/${id}/replies`, reply),
  ])
  await expect.poll(() => line.receiver.taken.length).toBe(1)
  expect(line.receiver.taken[0]!.body).toMatchObject({
    conversationId: id,
    seq: 11,
    to: { id: 'ana' },
    text: 'Antwort',
  })
  await expect
    .poll(
      async () =>
        ((await agent.get(`/conversations/${id}/messages?afterSeq=10`)).body as { items: object[] }).items,
    )
    .toMatchObject([{ delivery: { state: 'delivered' } }])
})

async function openLine() {
  const { id: storeId } = await makeStore(app)
  const receiver = await startApiReceiver({ secrets: [], now: () => app.clock.now })
  onTestFinished(() => void receiver.stop())
  const channel = await app.act(async ctx => {
    const { id } = await createChannel(ctx, {
      storeId,
      kind: 'api',
      name: 'App',
      settings: { webhookUrl: receiver.url },
    })
    return { id, ...(await rotateSecret(ctx, app.place.secrets, id)) }
  })
  receiver.secrets.push(channel.secret)
  return { ...channel, storeId, receiver }
}

const hand = ({ id, secret }: { id: string; secret: string }, raw: string) =>
  app.http
    .inject({
      method: 'POST',
      url: `/api/channels/${id}/inbound`,
      payload: raw,
      headers: { 'content-type': 'application/json', ...sign(raw, [secret], app.clock.now) },
    })
    .then(({ statusCode }) => ({ status: statusCode }))
