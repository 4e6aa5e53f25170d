import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  hasMailServers,
  type MailServers,
  password,
  startMailServers,
} from '../../../../test/mail-servers.ts'
import { openTestPlace } from '../test-place.ts'
import { changeCredentials } from './credentials.ts'
import { appendToSent, isPlainAddress, sendMail } from './sending.ts'
import { MailSettings } from './settings.ts'
import { mailOf, until } from './test-mailbox.ts'

const house = await openTestPlace([])
const door = { ...house.place, place: house.place }
const servers: (() => void)[] = []
afterEach(() => {
  for (const stop of servers.splice(0)) stop()
})

type Reply = string | 'cut' | 'silence'

/** A server that answers as told; what it was handed is in `mails`. */
async function server(told: Record<string, Reply | ((line: string) => Reply)>) {
  const mails: string[] = []
  const lines: string[] = []
  let connections = 0
  const listening = net.createServer(socket => {
    connections += 1
    let isBody = false
    let heard = ''
    const say = (reply: Reply) => {
      if (reply === 'cut') socket.resetAndDestroy()
      else if (reply !== 'silence') socket.write(`${reply}\r\n`)
    }
    const answer = (verb: string, line: string, usual: Reply) => {
      const reply = told[verb] ?? usual
      say(typeof reply === 'function' ? reply(line) : reply)
    }
    socket.on('error', () => {})
    say((told.greeting as Reply) ?? '220 test')
    socket.on('data', chunk => {
      heard += chunk
      if (isBody && told.bytes && heard.length > 1_000) return say(told.bytes as Reply)
      for (let end = heard.indexOf(isBody ? '\r\n.\r\n' : '\r\n'); end !== -1; ) {
        const text = heard.slice(0, end)
        heard = heard.slice(end + (isBody ? 5 : 2))
        if (isBody) {
          mails.push(text)
          isBody = false
          answer('dot', '', '250 2.0.0 Ok: queued as ABC123')
        } else {
          lines.push(text)
          const verb = text.split(/[ :]/, 1)[0]!.toUpperCase()
          if (verb === 'DATA' && !told.DATA) isBody = true
          answer(
            verb,
            text,
            verb === 'DATA' ? '354 go' : verb === 'EHLO' ? '250-test\r\n250 SIZE 100000' : '250 ok',
          )
        }
        end = heard.indexOf(isBody ? '\r\n.\r\n' : '\r\n')
      }
    })
  })
  await new Promise<void>(done => listening.listen(0, '127.0.0.1', done))
  servers.push(() => listening.close())
  return {
    port: (listening.address() as net.AddressInfo).port,
    mails,
    lines,
    get connections() {
      return connections
    },
  }
}

const accountAt = (port: number, settings: object = {}) => ({
  id: crypto.randomUUID(),
  settings: MailSettings.parse({
    address: 'help@h.test',
    smtp: { host: '127.0.0.1', port, security: 'none' },
    ...settings,
  }),
})

const envelope = { from: 'help@h.test', to: ['ann@far.test'] }
const send = (
  port: number,
  to = envelope.to,
  source: Buffer | Readable = Buffer.from(mailOf(1)),
  deadlineMs = 2_000,
) => sendMail(door, accountAt(port), { envelope: { ...envelope, to }, source }, { deadlineMs })

describe('sending a mail', () => {
  test('is done when the server says so, and keeps what it calls it', async () => {
    const far = await server({})
    expect(await send(far.port)).toEqual({ outcome: 'done', providerRef: 'ABC123' })
    expect(far.mails).toHaveLength(1)
  })

  test('to five of whom one is refused is done for four, and says who and why', async () => {
    const far = await server({ RCPT: line => (line.includes('bad@') ? '554 5.1.1 unknown user' : '250 ok') })
    const to = ['a@far.test', 'b@far.test', 'bad@far.test', 'c@far.test', 'd@far.test']
    expect(await send(far.port, to)).toEqual({
      outcome: 'done',
      providerRef: 'ABC123',
      refusedRecipients: [{ address: 'bad@far.test', code: 554, text: '554 5.1.1 unknown user' }],
    })
    expect(far.mails).toHaveLength(1)
  })

  test('to nobody the server knows is refused', async () => {
    const far = await server({ RCPT: '550 5.1.1 unknown user' })
    expect(await send(far.port)).toMatchObject({ outcome: 'refused', reason: '550 5.1.1 unknown user' })
    expect(far.mails).toEqual([])
  })

  test.each([
    ['when it greets', { greeting: '421 4.3.2 busy' }],
    ['at the sender', { MAIL: '421 4.7.0 later' }],
    ['at the recipient, as greylisting does', { RCPT: '450 4.7.1 greylisted' }],
    ['before the body', { DATA: '451 4.3.0 try again' }],
    ['after the body', { dot: '452 4.2.2 full' }],
  ])('refused for now %s is tried later', async (_when, told) => {
    const far = await server(told)
    expect(await send(far.port)).toMatchObject({ outcome: 'later' })
  })

  test.each([
    ['at the sender', { MAIL: '550 5.7.1 not you' }],
    ['before the body', { DATA: '554 5.7.1 no' }],
    ['after the body', { dot: '550 5.7.1 spam' }],
  ])('refused for good %s is refused, with its words', async (_when, told) => {
    const far = await server(told)
    expect(await send(far.port)).toMatchObject({ outcome: 'refused', reason: Object.values(told)[0] })
  })

  test.each([
    ['when it greets', { greeting: 'cut' }],
    ['at EHLO', { EHLO: 'cut' }],
    ['at the sender', { MAIL: 'cut' }],
    ['at the recipient', { RCPT: 'cut' }],
    ['at DATA', { DATA: 'cut' }],
  ])('cut off %s was not sent, and is tried later', async (_when, told: Record<string, Reply>) => {
    const far = await server(told)
    expect(await send(far.port)).toMatchObject({ outcome: 'later' })
    expect(far.mails).toEqual([])
  })

  test('cut off in the midst of the body is tried later', async () => {
    const far = await server({ bytes: 'cut' })
    async function* slowly() {
      for (let n = 0; n < 50; n++) {
        yield Buffer.from('x'.repeat(500))
        await new Promise(done => setTimeout(done, 10))
      }
    }
    expect(await send(far.port, ['a@far.test'], Readable.from(slowly()))).toMatchObject({ outcome: 'later' })
  })

  test.each([
    ['cut off', 'cut'],
    ['left without an answer', 'silence'],
  ])('%s after the final dot is uncertain: it may have arrived', async (_what, dot: string) => {
    const far = await server({ dot })
    expect(await send(far.port)).toEqual({ outcome: 'uncertain', reason: 'no_answer' })
    expect(far.mails).toHaveLength(1)
  })

  test('to a server that says nothing is tried later, in time', async () => {
    const far = await server({ MAIL: 'silence' })
    const started = performance.now()
    expect(await send(far.port, undefined, undefined, 500)).toMatchObject({ outcome: 'later' })
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  test('whose source breaks off is never ended with a dot', async () => {
    const far = await server({})
    async function* broken() {
      yield Buffer.from('Subject: half\r\n\r\n')
      throw new Error('the file is gone')
    }
    expect(await send(far.port, undefined, Readable.from(broken()))).toMatchObject({ outcome: 'later' })
    await new Promise(done => setTimeout(done, 50))
    expect(far.mails).toEqual([])
  })

  test('to nobody there is tried later; to a private address it is refused', async () => {
    expect(await send(1)).toMatchObject({ outcome: 'later', reason: expect.stringContaining('unreachable') })
    const account = accountAt(25)
    account.settings.smtp!.host = '10.1.2.3'
    const closed = await sendMail(door, account, { envelope, source: Buffer.from(mailOf(1)) })
    expect(closed).toEqual({ outcome: 'refused', reason: 'address_not_allowed' })
  })

  test.each([
    'ann@far.test>\r\nRCPT TO:<eve@evil.test',
    'ann@far.test\r\nDATA',
    'ann@far.test SIZE=1',
    '"ann@evil.test x"@far.test',
    'ann@far.test,eve@evil.test',
    '<ann@far.test>',
    'ann@far.test\u0000',
    'ann(eve@evil.test)@far.test',
    'ann@[127.0.0.1]',
    'ann',
    '@far.test',
    '',
  ])('to %j is refused before a word is said', async address => {
    const far = await server({})
    expect(isPlainAddress(address)).toBe(false)
    expect(await send(far.port, [address])).toEqual({ outcome: 'refused', reason: 'bad_address' })
    const result = await sendMail(door, accountAt(far.port), {
      envelope: { from: address, to: ['ann@far.test'] },
      source: Buffer.from(mailOf(1)),
    })
    expect(result).toEqual({ outcome: 'refused', reason: 'bad_address' })
    expect(far.connections).toBe(0)
  })

  test('again uses the connection again', async () => {
    const far = await server({})
    const account = accountAt(far.port)
    for (const _ of [1, 2, 3])
      expect(await sendMail(door, account, { envelope, source: Buffer.from(mailOf(1)) })).toMatchObject({
        outcome: 'done',
      })
    expect(far.connections).toBe(1)
    expect(far.mails).toHaveLength(3)
  })

  test('after a refusal of the password is tried later, since a person can mend it', async () => {
    const far = await server({ EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: '535 5.7.8 wrong' })
    const channel = await house.makeChannel('mail', {})
    await house.act(ctx => changeCredentials(ctx, house.place.secrets, channel.id, { password }))
    const account = { ...accountAt(far.port), id: channel.id }
    expect(await sendMail(door, account, { envelope, source: Buffer.from(mailOf(1)) })).toMatchObject({
      outcome: 'later',
      reason: expect.stringMatching(/^login_refused: 535/),
    })
    expect(far.lines).toContain(`AUTH PLAIN ${Buffer.from(`\0help@h.test\0${password}`).toString('base64')}`)
  })

  test('does not speak before the line is encrypted, where that was asked for', async () => {
    const far = await server({ STARTTLS: '502 5.5.1 what?' })
    const account = accountAt(far.port)
    account.settings.smtp!.security = 'starttls'
    expect(await sendMail(door, account, { envelope, source: Buffer.from(mailOf(1)) })).toMatchObject({
      outcome: 'later',
      reason: expect.stringContaining('502'),
    })
    expect(far.lines.filter(line => line.startsWith('MAIL'))).toEqual([])
  })
})

describe.skipIf(!hasMailServers)('sending through postfix', async () => {
  const real = hasMailServers ? await startMailServers() : (undefined as unknown as MailServers)
  afterAll(() => real?.stop())

  test('arrives as it was composed, dots and all', async () => {
    const user = `u${randomBytes(4).toString('hex')}@h.test`
    const raw = mailOf('dots', { body: '.\r\n..\r\n.hidden\r\n' })
    const sent = await sendMail(door, accountAt(real.smtpPort), {
      envelope: { from: 'help@h.test', to: [user] },
      source: Buffer.from(raw),
    })
    expect(sent).toMatchObject({ outcome: 'done', providerRef: expect.stringMatching(/^[\dA-F]+$/) })
    const mails = await until(async () => {
      const list = await real.list(user)
      expect(list).toHaveLength(1)
      return list
    })
    expect(String(mails[0]!.source)).toContain(raw.slice(raw.indexOf('\r\n\r\n')))
  })

  test('a copy is kept once in the folder for it, also when asked twice', async () => {
    const user = `u${randomBytes(4).toString('hex')}@h.test`
    const channel = await house.makeChannel('mail', {
      address: user,
      imap: { host: '127.0.0.1', port: real.imapPort, security: 'none' },
      sentFolder: 'Sent',
    })
    await house.act(ctx => changeCredentials(ctx, house.place.secrets, channel.id, { password }))
    const account = { id: channel.id, settings: MailSettings.parse(channel.settings) }
    for (const _ of [1, 2]) await appendToSent(house.place, account, Buffer.from(mailOf(7)), 'm7@far.test')
    expect(await real.list(user, 'Sent')).toMatchObject([{ flags: expect.arrayContaining(['\\Seen']) }])
  })
})
