import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import {
  hasMailServers,
  type MailServers,
  password,
  startMailServers,
} from '../../../../test/mail-servers.ts'
import { makeStore } from '../../../../test/make.ts'
import { readMail } from '../../../platform/mail/read-mail.ts'
import type { Conversation, Message } from '../schemas.ts'

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const resolver = async (name: string, type: string) => {
  if (name === 's1._domainkey.h.test' && type === 'TXT') return [[`v=DKIM1; k=rsa; p=${publicKey}`]]
  throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
}

describe.skipIf(!hasMailServers)('a conversation by mail, over real servers', async () => {
  const servers = hasMailServers ? await startMailServers() : (undefined as unknown as MailServers)
  afterAll(() => servers?.stop())
  const app = await startTestApp({ outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] })
  app.clock.now = new Date()
  const agent = await app.as('admin')

  test('goes there and back: answered, threaded, signed, quoted and folded', async () => {
    const channel = await openMailbox()
    const customer = 'ana@h.test'

    // A mail program writes in.
    if (fs.existsSync('/usr/bin/swaks')) {
      const swaks = spawnSync('swaks', [
        ...['--server', `127.0.0.1:${servers.smtpPort}`, '--from', customer, '--to', 'help@h.test'],
        ...['--header', 'Subject: Where is my parcel?', '--header', 'Message-Id: <first@h.test>'],
        ...['--body', 'Hello, where is my parcel?'],
      ])
      expect(String(swaks.stdout)).toContain('250 2.0.0 Ok: queued')
    } else
      await send(customer, {
        subject: 'Where is my parcel?',
        messageId: '<first@h.test>',
        text: 'Hello, where is my parcel?',
      })
    const conversation = await polled(async () => (await conversationsOf(channel))[0])
    expect(conversation).toMatchObject({ subject: 'Where is my parcel?', status: { category: 'new' } })
    await expect.poll(() => mailboxState(channel)).toMatchObject({ failing: false })

    // The agent answers, and may take it back for some seconds.
    const held = await agent.post(`/conversations/${conversation.id}/held-replies`, {
      clientId: crypto.randomUUID(),
      text: 'It arrives tomorrow. 明天到。',
      lastSeenSeq: 1,
      why: 'undo',
    })
    expect(held).toMatchObject({ status: 201 })
    app.clock.advance(11)

    // His real mailbox has it: in the thread, signed, from us.
    const [received] = await polled(async () => {
      const all = await servers.list(customer)
      return all.length > 0 ? all : undefined
    })
    const mail = await readMail(received!.source)
    expect(mail).toMatchObject({
      from: { address: 'help@h.test' },
      to: [{ address: customer }],
      subject: 'Re: Where is my parcel?',
      inReplyTo: ['first@h.test'],
      references: ['first@h.test'],
    })
    expect(mail.text).toContain('It arrives tomorrow. 明天到。')
    const { results } = await dkimVerify(received!.source, { resolver, sender: 'help@h.test' })
    expect(results.map(({ status }) => status.result)).toEqual(['pass'])

    // The mailbox has its copy, and the agent sees that it went.
    await expect
      .poll(async () => (await servers.list('help@h.test', 'Sent')).length, { timeout: 15_000 })
      .toBe(1)
    await expect
      .poll(async () => (await messagesOf(conversation))[1]?.delivery?.state, { timeout: 15_000 })
      .toBe('delivered')

    // He answers below the quote his program makes.
    await send(customer, {
      subject: 'Re: Where is my parcel?',
      inReplyTo: `<${mail.messageId}>`,
      references: `<first@h.test> <${mail.messageId}>`,
      text: `Great, thank you!\n\nOn Mon, Jan 5, 2026 at 9:00 AM Shop <help@h.test> wrote:\n\n> It arrives tomorrow. 明天到。\n`,
    })
    const answer = await polled(async () => (await messagesOf(conversation))[2])
    expect(answer).toMatchObject({ kind: 'customer', text: 'Great, thank you!' })
    expect(answer.mail!.segments.map(({ kind }) => kind)).toContain('quote')
    expect(await conversationsOf(channel)).toHaveLength(1)
  }, 90_000)

  async function openMailbox() {
    const store = await makeStore(app)
    const server = { host: '127.0.0.1', security: 'none' }
    const created = await agent.post('/channels', {
      kind: 'mail',
      storeId: store.id,
      name: 'Help',
      settings: {
        address: 'help@h.test',
        imap: { ...server, port: servers.imapPort, folder: 'INBOX' },
        smtp: { ...server, port: servers.smtpPort },
        sentFolder: 'Sent',
        plusAddressing: true,
        dkim: { domain: 'h.test', selector: 's1' },
      },
    })
    expect(created).toMatchObject({ status: 201 })
    const channel = created.body as { id: string; storeId: string }
    const dkimPrivateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
    const set = await agent.put(`/channels/${channel.id}/mailbox/credentials`, { password, dkimPrivateKey })
    expect(set).toMatchObject({ status: 204 })
    return channel
  }

  const send = (from: string, mail: SendMailOptions) =>
    nodemailer
      .createTransport({ host: '127.0.0.1', port: servers.smtpPort, ignoreTLS: true })
      .sendMail({ from, to: 'help@h.test', ...mail })

  const conversationsOf = async ({ storeId }: { storeId: string }) =>
    ((await agent.get(`/conversations?storeId=${storeId}`)).body as { items: Conversation[] }).items

  const messagesOf = async ({ id }: Conversation) =>
    ((await agent.get(`/conversations/${id}/messages`)).body as { items: Message[] }).items

  async function mailboxState({ id }: { id: string }) {
    const { rows } = await app.place.pool.query(
      'select failure is not null as failing, failure, failure_detail from mailboxes where channel_id = $1',
      [id],
    )
    return rows[0]
  }
})

async function polled<T>(look: () => Promise<T | undefined>): Promise<T> {
  const found: { value?: T } = {}
  await expect
    .poll(
      async () => {
        const value = await look()
        if (value !== undefined) found.value = value
        return value !== undefined
      },
      { timeout: 25_000 },
    )
    .toBe(true)
  return found.value!
}
