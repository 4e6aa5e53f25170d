import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { findEmbeddedConnection } from '../../server/src/platform/embedded-postgres.ts'
import {
  hasMailServers,
  type MailServers,
  password,
  startMailServers,
} from '../../server/test/mail-servers.ts'
import { type Call, freePort, type House, newDataDir, setUpHouse, startHouse } from '../house.ts'

const rounds = 4
const mailbox = 'help@h.test'

/**
 * Mail comes in over a real mailbox and by SMTP, an agent answers into real mailboxes, and the plug is pulled again
 * and again: what was accepted is there once, and no answer went out twice.
 */
describe.skipIf(!hasMailServers)('kill -9 through mail in both directions', async () => {
  const servers = hasMailServers ? await startMailServers() : (undefined as unknown as MailServers)
  const dataDir = newDataDir()
  afterAll(async () => {
    await servers?.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  })

  test('loses nothing, doubles nothing, and sends nothing again by itself', async () => {
    const smtpPort = await freePort()
    const env = { AFAR_OUTBOUND_ALLOW: '127.0.0.0/8:*', AFAR_SMTP_PORT: String(smtpPort) }
    const options = { dataDir, args: ['--empty'], env }
    let house: House = await startHouse(options)
    const { call, store } = await setUpHouse(house.url)
    await openMailboxes(call, store.id)
    const book = { written: new Set<string>(), answered: new Set<string>() }
    for (let round = 0; round < rounds; round++) {
      const load = startLoad(call, book, smtpPort, `r${round}`)
      await sleep(1_500 + Math.random() * 2_500)
      await house.kill()
      house = await startHouse({ ...options, port: house.port })
      await load.stop()
    }
    await settled(book.written.size)
    const stored = await query<{ text: string; kind: string }>('select text, kind from messages')
    const count = (kind: string, nonce: string) =>
      stored.filter(row => row.kind === kind && row.text.includes(nonce)).length
    expect(book.written.size).toBeGreaterThan(rounds * 20)
    expect([...book.written].filter(nonce => count('customer', nonce) !== 1)).toEqual([])
    expect([...book.answered].filter(nonce => count('reply', nonce) !== 1)).toEqual([])
    expect(await query("select 1 from inbound where state = 'parked'")).toEqual([])

    const received = (await servers.list('buyer@h.test')).map(({ source }) => source.toString())
    const sent = await query<{ state: string; payload: { text: string } }>(
      'select state, payload from deliveries',
    )
    const wrong = sent.filter(({ state, payload }) => {
      const times = received.filter(raw => raw.includes(payload.text)).length
      return state === 'done' ? times !== 1 : times > 1
    })
    expect(wrong).toEqual([])
    expect(sent.filter(({ state }) => state === 'done').length).toBeGreaterThan(5)
    await house.stop()
  }, 240_000)

  async function openMailboxes(call: Call, storeId: string) {
    const server = { host: '127.0.0.1', security: 'none' }
    const smtp = { ...server, port: servers.smtpPort }
    const settings = { address: mailbox, imap: { ...server, port: servers.imapPort, folder: 'INBOX' }, smtp }
    const { id } = await call<{ id: string }>('POST', '/channels', {
      kind: 'mail',
      storeId,
      name: 'Help',
      settings,
    })
    await call('PUT', `/channels/${id}/mailbox/credentials`, { password })
    await call('POST', '/channels', {
      ...{ kind: 'mail', storeId, name: 'Forwarded' },
      settings: { address: 'forwarded@h.test', smtp },
    })
  }

  type Book = { written: Set<string>; answered: Set<string> }

  function startLoad(call: Call, book: Book, smtpPort: number, mark: string) {
    let stopped = false
    const during = (everyMs: number, act: (n: number) => Promise<void>) =>
      (async () => {
        for (let n = 0; !stopped; n++) {
          await act(n)
          await sleep(everyMs)
        }
      })()
    const running = [
      during(60, async n => {
        const nonce = `imap-${mark}-${n};`
        await servers.deliverByLmtp('buyer@h.test', mailbox, mail(nonce))
        book.written.add(nonce)
      }),
      // Sent again until it is accepted, as mail servers do; the same bytes each time.
      during(60, async n => {
        const nonce = `smtp-${mark}-${n};`
        const raw = mail(nonce)
        while (!(await hand(smtpPort, raw))) await sleep(100)
        book.written.add(nonce)
      }),
      during(150, async () => {
        const page = await call<{ items: { id: string; lastSeq: number }[] }>(
          'GET',
          '/conversations?view=unassigned&limit=1',
        ).catch(() => ({ items: [] }))
        const [conversation] = page.items
        if (!conversation) return
        const nonce = `answer-${randomUUID()};`
        const body = {
          clientId: randomUUID(),
          text: nonce,
          lastSeenSeq: conversation.lastSeq,
          afterwards: 'resolve',
        }
        for (let tries = 0; tries < 100; tries++) {
          const said = await call('POST', `/conversations/${conversation.id}/replies`, body).then(
            () => true,
            (error: { status?: number }) => (error.status && error.status < 500 ? null : false),
          )
          if (said) book.answered.add(nonce)
          if (said !== false) return
          await sleep(100)
        }
      }),
    ]
    return {
      async stop() {
        stopped = true
        await Promise.all(running)
      },
    }
  }

  async function settled(count: number) {
    for (let tries = 0; tries < 300; tries++) {
      const [row] = await query<{ there: number; open: number }>(
        `select (select count(*)::int from messages where kind = 'customer') as there,
           (select count(*)::int from deliveries where state = 'pending') as open`,
      )
      if (row!.there >= count && row!.open === 0) break
      await sleep(100)
    }
    // A postfix hands on what it has taken within a second.
    await sleep(2_000)
  }

  async function query<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
    const db = new pg.Client(findEmbeddedConnection(dataDir))
    await db.connect()
    try {
      return (await db.query<T>(sql)).rows
    } finally {
      await db.end()
    }
  }
})

const mail = (nonce: string) =>
  `From: Buyer <buyer@h.test>\r\nTo: ${mailbox}\r\nSubject: Question ${nonce}\r\nMessage-ID: <${nonce.slice(0, -1)}@h.test>\r\n\r\nWhere is my parcel? ${nonce}\r\n`

/** Whether the receiver said 250. */
function hand(port: number, raw: string) {
  return new Promise<boolean>(done => {
    const connection = new SMTPConnection({
      host: '127.0.0.1',
      port,
      ignoreTLS: true,
      connectionTimeout: 2_000,
      socketTimeout: 5_000,
      logger: false,
    })
    const end = (isTaken: boolean) => {
      done(isTaken)
      connection.close()
    }
    connection.once('error', () => end(false))
    connection.once('end', () => done(false))
    connection.connect(() =>
      connection.send({ from: 'buyer@h.test', to: ['forwarded@h.test'] }, raw, error => end(!error)),
    )
  })
}
