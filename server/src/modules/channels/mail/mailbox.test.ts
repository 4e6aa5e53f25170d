import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import {
  hasMailServers,
  type MailServers,
  password,
  startMailServers,
} from '../../../../test/mail-servers.ts'
import { channelsModule } from '../module.ts'
import { openTestPlace } from '../test-place.ts'
import { mailboxMeasures } from './measures.ts'
import { findRecipients } from './recipients.ts'
import { mailOf, openMailboxes, until } from './test-mailbox.ts'

const house = await openTestPlace([channelsModule])
const admin = house.as(['channels:manage'])
const mailbox = (settings: object = {}) => house.makeChannel('mail', settings)

describe('the credentials of a mailbox', () => {
  test('are written, and only that they are there is ever read', async () => {
    const { id } = await mailbox()
    const secret = 'a very secret password'
    expect((await admin('PUT', `/channels/${id}/mailbox/credentials`, { password: secret })).status).toBe(409)
    const fetched = await mailbox({ imap: { host: 'imap.h.test', port: 993 } })
    const put = await admin('PUT', `/channels/${fetched.id}/mailbox/credentials`, { password: secret })
    expect(put).toMatchObject({ status: 204 })
    const shown = await admin('GET', `/channels/${fetched.id}/mailbox`)
    expect(shown.body).toMatchObject({ credentials: { hasPassword: true, hasConsent: false }, failure: null })
    expect(JSON.stringify(shown.body)).not.toContain(secret)
    const { rows } = await house.place.pool.query('select mailboxes::text as row from mailboxes')
    expect(JSON.stringify(rows)).not.toContain(secret)
  })

  test('are changed one by one, and taken away with null', async () => {
    const { id } = await mailbox({ imap: { host: 'imap.h.test', port: 993 } })
    const put = (change: object) => admin('PUT', `/channels/${id}/mailbox/credentials`, change)
    const kept = async () => (await admin('GET', `/channels/${id}/mailbox`)).body.credentials
    await put({ password: 'one', smtpPassword: 'two' })
    await put({ password: null })
    expect(await kept()).toMatchObject({ hasPassword: false, hasSmtpPassword: true })
    expect(await put({ accessToken: 'x' })).toMatchObject({ status: 422 })
    expect(await put({ password: 7 })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
  })

  test('are forgotten when the channel is pointed at another server', async () => {
    const { id } = await mailbox({ imap: { host: 'imap.h.test', port: 993 } })
    await admin('PUT', `/channels/${id}/mailbox/credentials`, { password: 'kept' })
    const has = async () => (await admin('GET', `/channels/${id}/mailbox`)).body.credentials.hasPassword
    await admin('PATCH', `/channels/${id}`, { settings: { senderName: 'Shop' } })
    expect(await has()).toBe(true)
    await admin('PATCH', `/channels/${id}`, { settings: { imap: { host: 'imap.evil.test', port: 993 } } })
    expect(await has()).toBe(false)
  })

  test('belong to mail alone, and to who may manage channels', async () => {
    const { id } = await house.makeChannel('api')
    expect(await admin('GET', `/channels/${id}/mailbox`)).toMatchObject({
      status: 409,
      body: { error: { code: 'not_a_mail_channel' } },
    })
    expect(await house.as([])('GET', `/channels/${id}/mailbox`)).toMatchObject({ status: 403 })
  })
})

describe('a trial', () => {
  test('never hands kept credentials to another server', async () => {
    const heard: string[] = []
    const evil = http.createServer((_request, answer) => answer.end()).listen(0, '127.0.0.1')
    evil.on(
      'connection',
      socket => socket.write('* OK hello\r\n') && socket.on('data', data => heard.push(String(data))),
    )
    await new Promise(done => evil.once('listening', done))
    const { id } = await mailbox({ address: 'a@h.test', imap: { host: 'imap.h.test', port: 993 } })
    await admin('PUT', `/channels/${id}/mailbox/credentials`, { password: 'kept-secret' })
    const imap = { host: '127.0.0.1', port: (evil.address() as AddressInfo).port, security: 'none' }
    const { body } = await admin('POST', `/channels/${id}/mailbox/trial`, { settings: { imap } })
    evil.closeAllConnections()
    evil.close()
    expect(body.steps[0]).toMatchObject({ step: 'imap_session', ok: false, code: 'credentials_missing' })
    expect(heard.join()).not.toContain('kept-secret')
  })

  test('says of each direction what is wrong', async () => {
    const { id } = await mailbox({
      address: 'a@h.test',
      imap: { host: '10.9.8.7', port: 993 },
      smtp: { host: '127.0.0.1', port: 1, security: 'none' },
    })
    await admin('PUT', `/channels/${id}/mailbox/credentials`, { password: 'x' })
    const { body } = await admin('POST', `/channels/${id}/mailbox/trial`, {})
    expect(body.steps).toMatchObject([
      { step: 'imap_session', ok: false, code: 'address_not_allowed' },
      { step: 'smtp_session', ok: false, code: 'unreachable' },
    ])
  })
})

describe.skipIf(!hasMailServers)('a mailbox on a real server', async () => {
  const servers = hasMailServers ? await startMailServers() : (undefined as unknown as MailServers)
  afterAll(() => servers?.stop())
  const boxes = openMailboxes(house, servers)

  test('is tried from end to end, and leaves nothing behind', async () => {
    const user = boxes.newUser()
    const { id } = await boxes.connect(user)
    const { body } = await admin('POST', `/channels/${id}/mailbox/trial`, { sendsMail: true })
    expect(body.steps.map(({ step, ok }: { step: string; ok: boolean }) => [step, ok])).toEqual([
      ['imap_session', true],
      ['imap_folder', true],
      ['imap_abilities', true],
      ['smtp_session', true],
      ['mail_arrives', true],
      ['plus_address_arrives', true],
    ])
    expect(body.steps[2].detail).toContain('IDLE UIDPLUS')
    expect(await servers.list(user)).toEqual([])
  })

  test('with a wrong password says so in the words of the server', async () => {
    const { id } = await boxes.connect(boxes.newUser())
    const { body } = await admin('POST', `/channels/${id}/mailbox/trial`, {
      credentials: { password: 'wrong' },
    })
    expect(body.steps[0]).toMatchObject({
      step: 'imap_session',
      ok: false,
      code: 'login_refused',
      detail: expect.stringContaining('uthentication failed'),
    })
  })

  test('with a folder that is not there says so', async () => {
    const { id } = await boxes.connect(boxes.newUser(), {}, { folder: 'Nowhere' })
    const { body } = await admin('POST', `/channels/${id}/mailbox/trial`, {})
    expect(body.steps[1]).toMatchObject({ step: 'imap_folder', ok: false, code: 'folder_missing' })
  })

  test('is looked at when somebody asks, and shows both counts', async () => {
    const user = boxes.newUser()
    const { id } = await boxes.connect(user)
    boxes.start({ poll: 60_000 })
    await servers.append(user, [mailOf(1)])
    expect((await admin('POST', `/channels/${id}/mailbox/fetch`)).status).toBe(204)
    expect((await admin('POST', `/channels/${id}/mailbox/comparison`)).status).toBe(204)
    await until(async () => {
      const { body } = await admin('GET', `/channels/${id}/mailbox`)
      expect(body).toMatchObject({
        failure: null,
        lagSeconds: 0,
        folders: [{ path: 'INBOX', serverCount: 1, heldCount: 1, unfetched: [] }],
      })
    })
    for (const { read } of mailboxMeasures) {
      const readings = await read(house.place.pool)
      expect(readings.find(reading => reading.labels?.channel === id)?.value).toBeGreaterThanOrEqual(0)
    }
  })
})

test('an address is found as it is, as alias and before its plus, and nothing else is', async () => {
  const { id } = await mailbox({ address: 'help@two.test', aliases: ['info@two.test'] })
  const found = async (address: string) =>
    (await house.act(ctx => findRecipients(ctx, address))).map(r => r.id)
  for (const address of ['help@two.test', 'HELP+x@two.test', 'info@two.test', 'info+a+b@two.test'])
    expect(await found(address)).toEqual([id])
  for (const address of [
    'help@three.test',
    '+help@two.test',
    'hel%@two.test',
    'help@two.test.evil.test',
    password,
  ])
    expect(await found(address)).toEqual([])
})
