import { afterAll, describe, expect, test } from 'vitest'
import { hasMailServers, type MailServers, startMailServers } from './mail-servers.ts'

describe.skipIf(!hasMailServers)('the mail servers of the tests', async () => {
  const servers = hasMailServers ? await startMailServers() : (undefined as unknown as MailServers)
  afterAll(() => servers?.stop())

  test('bring a mail from SMTP into a mailbox, by its plus-address too', async () => {
    await servers.deliver('a@far.test', 'u1+x7@h.test', 'From: a@far.test\r\nSubject: Hi\r\n\r\nHello\r\n')
    let mails: Awaited<ReturnType<MailServers['list']>> = []
    while (mails.length === 0) mails = await servers.list('u1@h.test')
    expect(String(mails[0]!.source)).toContain('u1+x7@h.test')
  })

  test('change the meaning of all UIDs', async () => {
    await servers.append('u2@h.test', ['Subject: 1\r\n\r\nx'])
    const validity = () => servers.as('u2@h.test', async c => (await c.mailboxOpen('INBOX')).uidValidity)
    const before = await validity()
    servers.changeUidValidity('u2@h.test')
    expect(await validity()).not.toBe(before)
  })

  test('stop and come back with what they had', async () => {
    await servers.append('u3@h.test', ['Subject: 1\r\n\r\nx'])
    await servers.stopDovecot()
    await servers.startDovecot()
    expect(await servers.list('u3@h.test')).toHaveLength(1)
  })
})
