import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startFaultProxy } from '../../../../test/fault-proxy.ts'
import { hasMailServers, type MailServers, startMailServers } from '../../../../test/mail-servers.ts'
import { lanes } from '../tables.ts'
import { openTestPlace } from '../test-place.ts'
import { mailOf, openMailboxes, until } from './test-mailbox.ts'

const idOf = (raw: string | Buffer) => createHash('sha256').update(raw).digest('hex')
const ids = (raws: readonly (string | Buffer)[]) => raws.map(idOf).toSorted()
const day = 86_400_000

describe.skipIf(!hasMailServers)('fetching mail', async () => {
  const servers = hasMailServers
    ? await startMailServers({ postfix: false })
    : (undefined as unknown as MailServers)
  afterAll(() => servers?.stop())
  const house = await openTestPlace([])
  const boxes = openMailboxes(house, servers)
  house.advance((Date.now() - house.place.clock.now().getTime()) / 1_000)
  const held = async (channel: { id: string }) => (await boxes.ledger(channel)).map(row => row.externalId)
  const hasAll = (channel: { id: string }, raws: readonly (string | Buffer)[], timeout?: number) =>
    until(async () => expect((await held(channel)).toSorted()).toEqual(ids(raws)), timeout)

  test('brings each mail as it is, under the hash of its bytes, in the line of its sender', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    boxes.start()
    await until(async () => expect(await boxes.folder(channel)).toBeDefined())
    const raw = mailOf(1)
    await servers.append(user, [raw])
    await hasAll(channel, [raw])
    const [row] = await boxes.ledger(channel)
    expect(String(row!.raw)).toBe(raw)
    expect(row).toMatchObject({ line: 'c1@far.test', lane: lanes.mail[0] })
  })

  test('changes nothing at the server', async () => {
    const user = boxes.newUser()
    await servers.append(user, [mailOf(1)])
    const channel = await boxes.connect(user)
    boxes.start()
    await boxes.caughtUp(channel, 1)
    expect((await servers.list(user)).map(mail => mail.flags)).toEqual([['\\Recent']])
  })

  test('notices what comes within a moment by IDLE', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    boxes.start({ poll: 60_000 })
    await boxes.caughtUp(channel, 0)
    const started = performance.now()
    await servers.append(user, [mailOf(1)])
    await hasAll(channel, [mailOf(1)], 3_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('notices also what the server tells of in passing, while it is busy', async () => {
    const user = boxes.newUser()
    const proxy = await startFaultProxy({ port: servers.imapPort })
    const channel = await boxes.connect(user, { afterwards: 'mark_read' }, { port: proxy.port })
    boxes.start({ poll: 60_000 })
    await boxes.caughtUp(channel, 0)
    let hasCome = false
    proxy.faults = {
      cutAt(line) {
        if (hasCome || !line.includes('UID STORE')) return false
        hasCome = true
        const file = path.join(servers.mailDir, user, 'new', `${Date.now()}.M1P1.host`)
        fs.writeFileSync(file, mailOf('passing'), { mode: 0o644 })
        return false
      },
    }
    await servers.append(user, [mailOf(1)])
    await hasAll(channel, [mailOf(1), mailOf('passing')], 3_000)
    await proxy.stop()
  })

  test('takes also what a person has read before', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    const stop = boxes.start()
    await boxes.caughtUp(channel, 0)
    await stop()
    const [uid] = await servers.append(user, [mailOf(1), mailOf(2)])
    await servers.flag(user, uid!, ['\\Seen', '\\Answered'])
    boxes.start()
    await hasAll(channel, [mailOf(1), mailOf(2)])
  })

  test('reads back as far as was asked, as history, but for what is new and unanswered', async () => {
    const user = boxes.newUser()
    const ago = (days: number) => new Date(Date.now() - days * day)
    await servers.append(user, [mailOf('ancient')], { date: ago(60) })
    await servers.append(user, [mailOf('old')], { date: ago(20) })
    await servers.append(user, [mailOf('answered')], { date: ago(1), flags: ['\\Answered'] })
    await servers.append(user, [mailOf('waiting')], { date: ago(1) })
    const channel = await boxes.connect(user, { historyDays: 30, liveDays: 3 })
    boxes.start()
    await boxes.caughtUp(channel, 3)
    const lanesOf = new Map((await boxes.ledger(channel)).map(row => [row.externalId, row.lane]))
    expect(lanesOf).toEqual(
      new Map([
        [idOf(mailOf('waiting')), lanes.mail[0]],
        [idOf(mailOf('old')), lanes.history[0]],
        [idOf(mailOf('answered')), lanes.history[0]],
      ]),
    )
  })

  test('keeps a large mail in the file store, whole', async () => {
    const user = boxes.newUser()
    const raw = mailOf('large', { body: `${'x'.repeat(998)}\r\n`.repeat(3_000) })
    await servers.append(user, [raw, mailOf(2)])
    const channel = await boxes.connect(user)
    boxes.start()
    await boxes.caughtUp(channel, 2)
    const row = (await boxes.ledger(channel)).find(mail => mail.externalId === idOf(raw))!
    expect(row.raw).toHaveLength(0)
    expect(row.rawFile).toEqual({ sha256: idOf(raw), size: raw.length })
    expect(row.line).toBe('clarge@far.test')
    const stored = await (await house.place.files.open(idOf(raw))).toArray()
    expect(idOf(Buffer.concat(stored))).toBe(idOf(raw))
  })

  test('after three days without the server brings everything once', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    const proxy = await startFaultProxy({ port: servers.imapPort })
    const behind = await boxes.connect(boxes.newUser(), {}, { port: proxy.port })
    boxes.start()
    await boxes.caughtUp(channel, 0)
    await boxes.caughtUp(behind, 0)
    proxy.faults = { refuses: true }
    proxy.cutAll()
    await until(async () => expect((await boxes.mailbox(behind)).failure).toBeTruthy())
    house.advance(3 * 24 * 3_600)
    const raws = Array.from({ length: 120 }, (_, n) => mailOf(n))
    await servers.append(behindUser(behind), raws)
    proxy.faults = {}
    await hasAll(behind, raws)
    await boxes.caughtUp(behind, raws.length)
    expect((await boxes.ledger(behind)).every(row => row.lane === lanes.mail[0])).toBe(true)
    await proxy.stop()
  })

  test('takes nothing twice and loses nothing when all UIDs change', async () => {
    const user = boxes.newUser()
    const raws = [1, 2, 3].map(n => mailOf(n))
    await servers.append(user, raws)
    const channel = await boxes.connect(user)
    const stop = boxes.start()
    await boxes.caughtUp(channel, 3)
    const before = await boxes.folder(channel)
    await stop()
    servers.changeUidValidity(user)
    await servers.append(user, [mailOf(4)])
    boxes.start()
    await hasAll(channel, [...raws, mailOf(4)])
    await boxes.caughtUp(channel, 4)
    expect((await boxes.folder(channel)).uidValidity).not.toBe(before.uidValidity)
    expect((await boxes.ledger(channel)).at(-1)!.lane).toBe(lanes.mail[0])
    const all = await house.place.pool.query(
      'select count(*)::int from mail_sightings where folder_id = $1',
      [before.id],
    )
    expect(all.rows[0].count).toBe(4)
  })

  test('by two processes at once happens once, over one connection', async () => {
    const user = boxes.newUser()
    const raws = Array.from({ length: 40 }, (_, n) => mailOf(n))
    await servers.append(user, raws)
    const proxy = await startFaultProxy({ port: servers.imapPort })
    const channel = await boxes.connect(user, {}, { port: proxy.port })
    boxes.start()
    boxes.start()
    await boxes.caughtUp(channel, 40)
    expect(await held(channel)).toHaveLength(40)
    expect(proxy.connections).toBe(1)
    await proxy.stop()
  })

  test('is taken over when the process that did it is gone', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    const dead = crypto.randomUUID()
    const lease = `insert into mailboxes (channel_id, fetcher, fetcher_until) values ($1, $2, clock_timestamp() + interval '1500 milliseconds')
      on conflict (channel_id) do update set fetcher = excluded.fetcher, fetcher_until = excluded.fetcher_until`
    await house.place.pool.query(lease, [channel.id, dead])
    await servers.append(user, [mailOf(1)])
    boxes.start()
    await new Promise(done => setTimeout(done, 900))
    expect(await held(channel)).toEqual([])
    await hasAll(channel, [mailOf(1)])
  })

  test('tells of a folder that is gone, and goes on when it is back', async () => {
    const user = boxes.newUser()
    await servers.createFolder(user, 'Support')
    await servers.append(user, [mailOf(1)], { folder: 'Support' })
    const channel = await boxes.connect(user, {}, { folder: 'Support' })
    boxes.start()
    await boxes.caughtUp(channel, 1)
    await servers.renameFolder(user, 'Support', 'Elsewhere')
    await until(async () => expect(await boxes.mailbox(channel)).toMatchObject({ failure: 'folder_missing' }))
    await servers.append(user, [mailOf(2)], { folder: 'Elsewhere' })
    await servers.renameFolder(user, 'Elsewhere', 'Support')
    await hasAll(channel, [mailOf(1), mailOf(2)])
    await boxes.caughtUp(channel, 2)
  })

  test('notices a session that died without a word', async () => {
    const user = boxes.newUser()
    const proxy = await startFaultProxy({ port: servers.imapPort })
    const channel = await boxes.connect(user, {}, { port: proxy.port })
    boxes.start({ poll: 800, answer: 300 })
    await boxes.caughtUp(channel, 0)
    proxy.faults = { isSilent: true }
    await servers.append(user, [mailOf(1)])
    await until(async () => expect((await boxes.mailbox(channel)).failure).toBe('disconnected'), 3_000)
    proxy.faults = {}
    proxy.cutAll()
    await hasAll(channel, [mailOf(1)])
    await proxy.stop()
  })

  test('says that a password was refused, and what the server said', async () => {
    const channel = await boxes.connect(boxes.newUser())
    const { changeCredentials } = await import('./credentials.ts')
    await house.act(ctx => changeCredentials(ctx, house.place.secrets, channel.id, { password: 'wrong' }))
    boxes.start()
    await until(async () =>
      expect(await boxes.mailbox(channel)).toMatchObject({
        failure: 'login_refused',
        failureDetail: expect.stringContaining('uthentication failed'),
      }),
    )
  })
})

const behindUser = (channel: { settings: Record<string, unknown> }) => String(channel.settings.address)
