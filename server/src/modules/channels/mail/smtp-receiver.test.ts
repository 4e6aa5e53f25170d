import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { openTestPlace } from '../test-place.ts'
import { startSmtpReceiver } from './smtp-receiver.ts'
import { mailOf, until } from './test-mailbox.ts'

const house = await openTestPlace([])
const receiver = (await startSmtpReceiver(house.place, { smtp: { port: 0, host: '127.0.0.1' } }))!
afterAll(() => receiver.stop())

const newAddress = () => `u${randomBytes(4).toString('hex')}@shop.test`
const mailbox = (settings: Record<string, unknown>) => house.makeChannel('mail', settings)
const idOf = (raw: string) => createHash('sha256').update(raw).digest('hex')

async function ledger(channel: { id: string }) {
  const { rows } = await house.place.pool.query(
    `select external_id as "externalId", raw, raw_file as "rawFile", headers, line, lane from inbound where channel_id = $1`,
    [channel.id],
  )
  return rows
}

const clients: net.Socket[] = []

/** Says each line when the one before is answered, and answers what was said back. */
async function converse(...lines: (string | Buffer)[]) {
  const socket = net.connect(receiver.port, '127.0.0.1').on('error', () => {})
  clients.push(socket)
  const said: string[] = []
  let heard = ''
  const answers = socket.iterator()[Symbol.asyncIterator]()
  async function answer() {
    while (!/^\d{3} .*\r\n/m.test(heard)) {
      const { value, done } = await answers.next().catch(() => ({ value: undefined, done: true }))
      if (done) return said.push('closed')
      heard += value
    }
    const end = /^\d{3} .*\r\n/m.exec(heard)!
    said.push(end[0].trim())
    heard = heard.slice(end.index + end[0].length)
  }
  await answer()
  for (const line of lines) {
    socket.write(typeof line === 'string' && !line.endsWith('\n') ? `${line}\r\n` : line)
    await answer()
  }
  socket.destroy()
  return said
}

const send = (to: string[], raw: string, from = 'forwarder@far.test') =>
  converse(
    'EHLO far.test',
    `MAIL FROM:<${from}>`,
    ...to.map(address => `RCPT TO:<${address}>`),
    'DATA',
    `${raw}.\r\n`,
  )

describe('receiving forwarded mail', () => {
  test('greets at once, and offers neither sign-in nor encryption it has not', async () => {
    const started = performance.now()
    const socket = net.connect(receiver.port, '127.0.0.1')
    const greeting = await new Promise<Buffer>(done => socket.once('data', done))
    expect(performance.now() - started).toBeLessThan(250)
    expect(String(greeting)).toMatch(/^220 /)
    socket.write('EHLO far.test\r\n')
    const offer = String(await new Promise<Buffer>(done => socket.once('data', done)))
    expect(offer).toMatch(/SIZE 100000000/)
    expect(offer).not.toMatch(/AUTH|STARTTLS/)
    socket.destroy()
  })

  test('keeps a mail as it came, with what the servers said about it', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    const raw = mailOf('kept')
    expect((await send([address], raw)).at(-1)).toMatch(/^250 /)
    const [row] = await ledger(channel)
    expect(String(row.raw)).toBe(raw)
    expect(row).toMatchObject({
      externalId: idOf(raw),
      line: 'ckept@far.test',
      headers: {
        'received-by': 'smtp',
        'envelope-from': 'forwarder@far.test',
        'envelope-to': address,
        'client-ip': '127.0.0.1',
        helo: 'far.test',
      },
    })
  })

  test('a mail sent again is known by its bytes', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    await send([address], mailOf('again'))
    expect((await send([address], mailOf('again'))).at(-1)).toMatch(/^250 /)
    expect(await ledger(channel)).toHaveLength(1)
  })

  test('who is not ours is refused, also one of a mailbox switched off: nothing is relayed', async () => {
    const off = newAddress()
    const channel = await mailbox({ address: off })
    await house.place.pool.query('update channels set active = false where id = $1', [channel.id])
    for (const address of ['boss@elsewhere.test', off, `x${off}`, "x'or'1'='1@a.test"])
      expect(await send([address], mailOf(1))).toContainEqual(expect.stringMatching(/^550 /))
  })

  test('reaches by alias, by plus-address and in capitals', async () => {
    const address = newAddress()
    const alias = newAddress()
    const channel = await mailbox({ address, aliases: [alias] })
    await send([address.replace('@', '+abc@')], mailOf('plus'))
    await send([alias], mailOf('alias'))
    await send([address.toUpperCase()], mailOf('capitals'))
    expect(await ledger(channel)).toHaveLength(3)
  })

  test('one mail for two mailboxes is one item in each', async () => {
    const [one, two] = [newAddress(), newAddress()]
    const channels = [await mailbox({ address: one }), await mailbox({ address: two })]
    const raw = mailOf('both')
    await send([one, two, one.replace('@', '+again@')], raw)
    for (const channel of channels)
      expect((await ledger(channel)).map(row => row.externalId)).toEqual([idOf(raw)])
  })

  test('one too large is refused when it says so, and when it turns out so', async () => {
    const address = newAddress()
    const channel = await mailbox({ address, maxBytes: 1_000_000 })
    const declared = await converse('EHLO x', 'MAIL FROM:<a@b.c> SIZE=2000000', `RCPT TO:<${address}>`)
    expect(declared.at(-1)).toMatch(/^552 /)
    const raw = mailOf('large', { body: `${'x'.repeat(76)}\r\n`.repeat(15_000) })
    expect((await send([address], raw)).at(-1)).toMatch(/^552 /)
    const endless = `${'x'.repeat(76)}\r\n`.repeat(60_000)
    expect((await send([address], endless)).at(-1)).toMatch(/^552 |closed/)
    expect(await ledger(channel)).toEqual([])
    expect(fs.readdirSync(`${house.place.files.dir}/incoming`)).toEqual([])
  })

  test('a large one lies in the file store', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    const raw = mailOf('big', { body: `.${'x'.repeat(76)}\r\n`.repeat(20_000) })
    await send([address], raw.replace(/^\./gm, '..'))
    expect(await ledger(channel)).toMatchObject([
      { externalId: idOf(raw), rawFile: { sha256: idOf(raw), size: raw.length } },
    ])
  })

  test('while the ledger is away, or the disk full, the sender keeps the mail', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    await house.place.pool.query('alter table inbound rename to inbound_away')
    const answers = await send([address], mailOf('away'))
    await house.place.pool.query('alter table inbound_away rename to inbound')
    expect(answers.at(-1)).toMatch(/^451 /)
    const { assertRoom } = house.place.disk
    const { unavailable } = await import('../../../platform/errors.ts')
    house.place.disk.assertRoom = async () => {
      throw unavailable('disk_full', 'full')
    }
    const full = await send([address], mailOf('away'))
    house.place.disk.assertRoom = assertRoom
    expect(full[2]).toMatch(/^452 /)
    expect((await send([address], mailOf('away'))).at(-1)).toMatch(/^250 /)
    expect(await ledger(channel)).toHaveLength(1)
  })

  test.each([
    ['a bare LF', '\n.\n'],
    ['a bare CR', '\r.\r'],
    ['LF and CRLF', '\n.\r\n'],
    ['CRLF and LF', '\r\n.\n'],
    ['CR and CRLF', '\r.\r\n'],
    ['NUL', '\r\n\0.\r\n'],
  ])('a dot between %s does not end a mail, so none can be smuggled in behind it', async (_name, end) => {
    const [outer, inner] = [newAddress(), newAddress()]
    const channel = await mailbox({ address: outer })
    const victim = await mailbox({ address: inner })
    const smuggled = `MAIL FROM:<boss@shop.test>\r\nRCPT TO:<${inner}>\r\nDATA\r\nFrom: boss@shop.test\r\n\r\nPay.\r\n`
    const answers = await send([outer], `Subject: a\r\n\r\nhello${end}${smuggled}`)
    expect(answers.at(-1)).toMatch(/^250 /)
    expect(await ledger(victim)).toEqual([])
    const rows = await ledger(channel)
    expect(rows).toHaveLength(1)
    expect(String(rows[0].raw)).toContain('MAIL FROM:<boss@shop.test>')
  })

  test('a connection that ends before the dot leaves nothing', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    const socket = net.connect(receiver.port, '127.0.0.1')
    for (const line of ['EHLO x', 'MAIL FROM:<a@b.c>', `RCPT TO:<${address}>`, 'DATA']) {
      await new Promise(done => socket.once('data', done))
      socket.write(`${line}\r\n`)
    }
    await new Promise(done => socket.once('data', done))
    socket.write('Subject: half\r\n\r\nhalf')
    await new Promise(done => setTimeout(done, 50))
    socket.destroy()
    await new Promise(done => setTimeout(done, 100))
    expect(await ledger(channel)).toEqual([])
  })

  test('when the answer to the dot is lost the mail is here, and sent again it is known', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    const lock = await house.place.pool.connect()
    await lock.query('begin')
    await lock.query('lock table inbound in share mode')
    const raw = mailOf('lost')
    const sending = send([address], raw)
    await new Promise(done => setTimeout(done, 300))
    expect(await Promise.race([sending, 'no answer yet'])).toBe('no answer yet')
    for (const socket of clients.splice(0)) socket.resetAndDestroy()
    await lock.query('rollback')
    lock.release()
    await until(async () => expect(await ledger(channel)).toHaveLength(1))
    expect((await send([address], raw)).at(-1)).toMatch(/^250 /)
    expect(await ledger(channel)).toHaveLength(1)
  })

  test('one address cannot take all connections', async () => {
    const sockets = Array.from({ length: 60 }, () => net.connect(receiver.port, '127.0.0.1'))
    const greetings = await Promise.all(
      sockets.map(socket => new Promise<string>(done => socket.once('data', data => done(String(data))))),
    )
    expect(greetings.filter(greeting => greeting.startsWith('220')).length).toBeLessThanOrEqual(50)
    expect(greetings.filter(greeting => greeting.startsWith('421')).length).toBeGreaterThanOrEqual(10)
    for (const socket of sockets) socket.destroy()
  })

  test.skipIf(!fs.existsSync('/usr/bin/swaks'))('a client of others is understood', async () => {
    const address = newAddress()
    const channel = await mailbox({ address })
    await new Promise(done => setTimeout(done, 100))
    const { stdout } = await promisify(execFile)('swaks', [
      ...['--server', '127.0.0.1', '--port', String(receiver.port)],
      ...['--from', 'ann@far.test', '--to', address, '--attach-body', 'Grüße', '--pipeline'],
    ])
    expect(stdout).toContain('250 OK')
    expect((await ledger(channel))[0]).toMatchObject({ line: 'ann@far.test' })
  })
})
