import { randomBytes } from 'node:crypto'
import { afterEach, expect } from 'vitest'
import { type MailServers, password } from '../../../../test/mail-servers.ts'
import { system } from '../../../platform/context.ts'
import type { Worker } from '../../../platform/module.ts'
import { transact } from '../../../platform/work.ts'
import type { TestPlace } from '../test-place.ts'
import { changeCredentials } from './credentials.ts'
import { startFetching } from './fetching.ts'
import type { Timing } from './keeping.ts'

const quick: Partial<Timing> = { poll: 400, answer: 500, firstPause: 50, longestPause: 400 }

/** Mailboxes of real servers as mail channels of a test's place, and the workers that fetch them. */
export function openMailboxes(test: TestPlace, servers: MailServers) {
  const workers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of workers.splice(0)) await stop()
    await test.place.pool.query('update channels set active = false')
  })

  return {
    newUser: () => `u${randomBytes(4).toString('hex')}@h.test`,

    async connect(
      address: string,
      settings: Record<string, unknown> = {},
      { port = servers.imapPort, folder = 'INBOX' } = {},
    ) {
      const server = { host: '127.0.0.1', security: 'none' as const }
      const channel = await test.makeChannel('mail', {
        address,
        imap: { ...server, port, folder },
        smtp: { ...server, port: servers.smtpPort },
        ...settings,
      })
      await transact(test.place, system, ctx =>
        changeCredentials(ctx, test.place.secrets, channel.id, { password }),
      )
      return channel
    },

    /** As the server does it: woken each second and more often. Answers how to stop it. */
    start(timing: Partial<Timing> = {}) {
      const worker: Worker = startFetching(test.place, { ...quick, ...timing })
      worker.wake()
      const timer = setInterval(worker.wake, 100)
      let stopped: Promise<void> | undefined
      const stop = () => {
        clearInterval(timer)
        stopped ??= worker.stop()
        return stopped
      }
      workers.push(stop)
      return stop
    },

    async ledger(channel: { id: string }) {
      const { rows } = await test.place.pool.query<{
        externalId: string
        line: string
        lane: number
        raw: Buffer
        rawFile: { sha256: string; size: number } | null
      }>(
        `select external_id as "externalId", line, lane, raw, raw_file as "rawFile" from inbound where channel_id = $1 order by id`,
        [channel.id],
      )
      return rows
    },

    async mailbox(channel: { id: string }) {
      const { rows } = await test.place.pool.query(
        `select failure, failure_detail as "failureDetail", failing_since as "failingSince", last_fetched_at as "lastFetchedAt" from mailboxes where channel_id = $1`,
        [channel.id],
      )
      return rows[0]
    },

    async folder(channel: { id: string }) {
      const { rows } = await test.place.pool.query(
        `select id, path, uid_validity::float8 as "uidValidity", last_uid::int as "lastUid", server_count as "serverCount",
           held_count as "heldCount", compared_at as "comparedAt", repaired_count as "repairedCount" from mail_folders where channel_id = $1`,
        [channel.id],
      )
      return rows[0]
    },

    /** Both sides hold the same, by the product's own count. */
    caughtUp(channel: { id: string }, count: number, timeout = 10_000) {
      return until(async () => {
        const found = await this.folder(channel)
        expect(found).toMatchObject({ serverCount: count, heldCount: count })
        expect((await this.mailbox(channel)).failure).toBeNull()
      }, timeout)
    },

    async sightings(channel: { id: string }) {
      const { rows } = await test.place.pool.query(
        `select s.uid::int, s.sha256, s.settled_at as "settledAt" from mail_sightings s join mail_folders f on f.id = s.folder_id and f.uid_validity = s.uid_validity
         where f.channel_id = $1 order by s.uid`,
        [channel.id],
      )
      return rows
    },

    ask: (channel: { id: string }, what: 'fetch' | 'comparison') =>
      test.place.pool.query(
        `update mailboxes set ${what}_asked_at = clock_timestamp() where channel_id = $1`,
        [channel.id],
      ),
  }
}

export const mailOf = (n: number | string, { from = `c${n}@far.test`, body = 'Hello' } = {}) =>
  `From: Customer <${from}>\r\nTo: help@h.test\r\nSubject: Mail ${n}\r\nMessage-ID: <m${n}@far.test>\r\n\r\n${body} ${n}\r\n`

export async function until<T>(check: () => T | Promise<T>, timeout = 10_000): Promise<T> {
  const end = performance.now() + timeout
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise(done => setTimeout(done, 25))
    }
  }
}
