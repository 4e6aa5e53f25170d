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

describe.skipIf(!hasMailServers)('fetching mail over a bad line', async () => {
  const servers = hasMailServers
    ? await startMailServers({ postfix: false })
    : (undefined as unknown as MailServers)
  afterAll(() => servers?.stop())
  const house = await openTestPlace([])
  house.advance((Date.now() - house.place.clock.now().getTime()) / 1_000)
  const boxes = openMailboxes(house, servers)
  const held = async (channel: { id: string }) => (await boxes.ledger(channel)).map(row => row.externalId)
  const hasAll = (channel: { id: string }, raws: readonly (string | Buffer)[], timeout?: number) =>
    until(async () => expect((await held(channel)).toSorted()).toEqual(ids(raws)), timeout)

  const filesOf = (user: string) =>
    ['new', 'cur'].flatMap(folder => {
      const dir = path.join(servers.mailDir, user, folder)
      return fs.readdirSync(dir).map(file => path.join(dir, file))
    })

  const verbs = [
    'CAPABILITY|LOGIN|AUTHENTICATE',
    'LIST',
    'SELECT',
    'UID SEARCH',
    'UID FETCH .*SIZE',
    'UID FETCH .*PEEK',
    'UID (MOVE|STORE|EXPUNGE)',
    'IDLE',
  ]
  const cuts = verbs.flatMap(verb => [
    { verb, when: 'before' as const, who: 'client' as const },
    { verb, when: 'after' as const, who: 'client' as const },
    { verb, when: 'before' as const, who: 'server' as const },
  ])

  test.each(cuts)('cut $when $verb of the $who: nothing is lost and nothing comes twice', async cut => {
    const user = boxes.newUser()
    await servers.createFolder(user, 'Done')
    const raws = [1, 2, 3].map(n => mailOf(n)).concat(mailOf('large', { body: 'x'.repeat(600_000) }))
    await servers.append(user, raws)
    const tags = new Set<string>()
    let cutsMade = 0
    const proxy = await startFaultProxy({ port: servers.imapPort })
    proxy.faults = {
      cutAt(line, from) {
        if (cutsMade >= 2) return
        const [tag = '', ...rest] = line.split(' ')
        const isIt = new RegExp(`^(${cut.verb})`).test(rest.join(' '))
        if (from === 'client' && isIt) tags.add(tag)
        // The server's tagged answer to the verb is what is cut off.
        if (from !== cut.who || !(from === 'client' ? isIt : tags.delete(tag))) return
        cutsMade += 1
        return cut.when
      },
    }
    const channel = await boxes.connect(user, { afterwards: 'move', moveTo: 'Done' }, { port: proxy.port })
    boxes.start()
    await hasAll(channel, raws)
    const later = mailOf('later')
    await servers.append(user, [later])
    await hasAll(channel, [...raws, later])
    await until(async () => expect(await servers.list(user, 'Done')).toHaveLength(5))
    expect(await servers.list(user)).toEqual([])
    expect(cutsMade).toBeGreaterThan(0)
    await proxy.stop()
  })

  test('cut in the midst of the bytes, again and again, it still gets there', async () => {
    const user = boxes.newUser()
    const raws = Array.from({ length: 30 }, (_, n) => mailOf(n, { body: 'y'.repeat(20_000) }))
    await servers.append(user, raws)
    const proxy = await startFaultProxy({ port: servers.imapPort }, { cutAfterBytes: 150_000 })
    const channel = await boxes.connect(user, {}, { port: proxy.port })
    boxes.start()
    await hasAll(channel, raws, 20_000)
    await proxy.stop()
  })

  test.each([
    'old',
    'new',
  ])('one %s mail the server cannot read does not stop the others, and is shown', async age => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    if (age === 'new') {
      const stop = boxes.start()
      await boxes.caughtUp(channel, 0)
      await stop()
    }
    await servers.append(
      user,
      [1, 2, 3, 4].map(n => mailOf(n)),
    )
    const broken = filesOf(user).toSorted()[1]!
    const content = fs.readFileSync(broken)
    fs.chmodSync(broken, 0o000)
    boxes.start()
    // On its disk dovecot keeps bare line feeds.
    const isBroken = (raw: string) => raw.replaceAll('\r', '') === String(content)
    const raws = [1, 2, 3, 4].map(n => mailOf(n))
    await hasAll(
      channel,
      raws.filter(raw => !isBroken(raw)),
    )
    const shown = () =>
      house.place.pool.query(
        'select u.reason, u.attempts from mail_unfetched u join mail_folders f on f.id = u.folder_id where f.channel_id = $1',
        [channel.id],
      )
    await until(async () => expect((await shown()).rows).toHaveLength(1))
    fs.chmodSync(filesOf(user).find(file => path.basename(file).startsWith(path.basename(broken)))!, 0o600)
    await boxes.ask(channel, 'comparison')
    await hasAll(channel, raws)
    await until(async () => expect((await shown()).rows).toEqual([]))
  })

  test('told to end in the midst of its work, it ends with that work, not with the next look', async () => {
    const user = boxes.newUser()
    const proxy = await startFaultProxy({ port: servers.imapPort })
    const channel = await boxes.connect(user, { afterwards: 'mark_read' }, { port: proxy.port })
    const stop = boxes.start({ poll: 60_000, answer: 60_000 })
    await boxes.caughtUp(channel, 0)
    let ended: Promise<void> | undefined
    proxy.faults = {
      cutAt(line, from) {
        if (from === 'client' && line.includes('UID STORE')) ended ??= stop()
        return false
      },
    }
    await servers.append(user, [mailOf(1)])
    await until(() => expect(ended).toBeDefined())
    const told = performance.now()
    await ended
    expect(performance.now() - told).toBeLessThan(1_500)
    await proxy.stop()
  })

  test('a comparison finds what was overlooked, and says so', async () => {
    const user = boxes.newUser()
    const channel = await boxes.connect(user)
    boxes.start({ poll: 60_000 })
    await boxes.caughtUp(channel, 0)
    const [first] = await servers.append(user, [mailOf(1)])
    await until(async () => expect(await boxes.sightings(channel)).toHaveLength(1))
    // As if it had been skipped: the cursor is past a mail that nobody took.
    const { pool } = house.place
    await pool.query('delete from mail_sightings where uid = $1', [first])
    await pool.query('delete from inbound where channel_id = $1', [channel.id])
    await boxes.ask(channel, 'comparison')
    await hasAll(channel, [mailOf(1)])
    await until(async () =>
      expect(await boxes.folder(channel)).toMatchObject({ repairedCount: 1, serverCount: 1, heldCount: 1 }),
    )
  })

  test('nothing is moved or deleted at the server before it is safe here', async () => {
    const user = boxes.newUser()
    const raws = [1, 2, 3].map(n => mailOf(n))
    await servers.append(user, raws)
    const channel = await boxes.connect(user, { afterwards: 'delete' })
    const { pool } = house.place
    await pool.query('alter table inbound rename to inbound_away')
    boxes.start()
    await until(async () => expect((await boxes.mailbox(channel)).failure).toBeTruthy())
    await new Promise(done => setTimeout(done, 500))
    expect(await servers.list(user)).toHaveLength(3)
    await pool.query('alter table inbound_away rename to inbound')
    await hasAll(channel, raws)
    await until(async () => expect(await servers.list(user)).toHaveLength(0))
    expect((await boxes.sightings(channel)).every(row => row.settledAt)).toBe(true)
  })

  test('what a crash left undone at the server is done afterwards', async () => {
    const user = boxes.newUser()
    await servers.append(user, [mailOf(1), mailOf(2)])
    const channel = await boxes.connect(user, { afterwards: 'mark_read' })
    const stop = boxes.start()
    await until(async () => expect((await boxes.sightings(channel)).every(row => row.settledAt)).toBe(true))
    await until(async () => expect(await boxes.sightings(channel)).toHaveLength(2))
    await stop()
    await servers.as(user, async client => {
      await client.mailboxOpen('INBOX')
      await client.messageFlagsRemove('1:*', ['\\Seen'])
    })
    await house.place.pool.query('update mail_sightings set settled_at = null')
    boxes.start()
    await until(async () =>
      expect((await servers.list(user)).every(mail => mail.flags.includes('\\Seen'))).toBe(true),
    )
    expect(await held(channel)).toHaveLength(2)
  })

  test('while two thousand old mails are read, a new one is here at once', async () => {
    const user = boxes.newUser()
    await servers.append(user, [mailOf('first')])
    const from = filesOf(user)[0]!
    const folder = path.join(servers.mailDir, user, 'cur')
    const raws = [mailOf('first')]
    const long = new Date(Date.now() - 10 * 86_400_000)
    const owner = fs.statSync(from)
    for (let n = 0; n < 2_000; n++) {
      const raw = mailOf(n, { body: 'z'.repeat(2_000) })
      raws.push(raw)
      const file = path.join(folder, `1700000000.M${n}P1.host,S=${raw.length}:2,`)
      fs.writeFileSync(file, raw)
      fs.chownSync(file, owner.uid, owner.gid)
      fs.utimesSync(file, long, long)
    }
    expect((await servers.list(user)).length).toBe(2_001)
    const proxy = await startFaultProxy({ port: servers.imapPort }, { latencyMs: 5 })
    const channel = await boxes.connect(user, {}, { port: proxy.port })
    const started = performance.now()
    boxes.start()
    await until(async () => expect((await held(channel)).length).toBeGreaterThan(100))
    const live = mailOf('live')
    await servers.append(user, [live])
    const appended = performance.now()
    await until(async () => expect(await held(channel)).toContain(idOf(live)))
    const waited = performance.now() - appended
    const before = (await held(channel)).length
    await hasAll(channel, [...raws, live], 20_000)
    await boxes.caughtUp(channel, 2_002)
    const seconds = (performance.now() - started) / 1_000
    console.log(
      `2,001 mails in ${seconds.toFixed(1)} s; new mail after ${waited.toFixed(0)} ms, ${before} held then`,
    )
    expect(waited).toBeLessThan(5_000)
    expect(before).toBeLessThan(1_500)
    expect((await boxes.ledger(channel)).find(row => row.externalId === idOf(live))!.lane).toBe(lanes.mail[0])
    await proxy.stop()
  }, 40_000)
})
