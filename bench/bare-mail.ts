import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { findEmbeddedConnection } from '../server/src/platform/embedded-postgres.ts'
import { sampleMail } from './sample-mails.ts'

const clients = 10

/** The anchor of mail: a receiver that does nothing but insert the raw mail before it says 250. */
export async function openBareReceiver(dataDir: string) {
  const pool = new pg.Pool({ ...findEmbeddedConnection(dataDir)!, max: clients })
  await pool.query('create table bare_mails (sha256 text primary key, raw bytea not null)')
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    async onData(stream, _session, done) {
      const raw = await buffer(stream)
      const sha256 = createHash('sha256').update(raw).digest('hex')
      await pool.query({
        name: 'bare-mail',
        text: 'insert into bare_mails values ($1, $2) on conflict do nothing',
        values: [sha256, raw],
      })
      done()
    },
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.server.address() as { port: number }
  return {
    /** Mails a second, handed in over ten connections that stay open. */
    async rate(count: number) {
      const began = performance.now()
      let next = 0
      await Promise.all(
        Array.from({ length: clients }, async () => {
          const connection = await connect(port)
          while (next < count) await hand(connection, sampleMail(next++, new Date(0)))
          connection.quit()
        }),
      )
      return count / ((performance.now() - began) / 1_000)
    },
    async close() {
      await new Promise<void>(done => server.close(() => done()))
      await pool.query('drop table bare_mails')
      await pool.end()
    },
  }
}

/** How many a second a postfix takes into its queue, from the tool it brings along for that. */
export async function queueInPostfix(port: number, count: number) {
  const began = performance.now()
  const done = spawnSync(
    '/usr/sbin/smtp-source',
    [
      '-s',
      '10',
      '-m',
      String(count),
      '-l',
      '4000',
      '-f',
      'a@h.test',
      '-t',
      'sink@h.test',
      `127.0.0.1:${port}`,
    ],
    { encoding: 'utf8', timeout: 300_000 },
  )
  if (done.status !== 0) throw new Error(`smtp-source ended with ${done.status}: ${done.stderr}`)
  return count / ((performance.now() - began) / 1_000)
}

export async function connect(port: number) {
  const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true, logger: false })
  connection.on('error', () => {})
  await new Promise<void>((done, fail) => connection.connect(error => (error ? fail(error) : done())))
  return connection
}

export const hand = (connection: SMTPConnection, raw: string, to = 'help@h.test', from = 'buyer@far.test') =>
  new Promise<void>((done, fail) =>
    connection.send({ from, to: [to] }, raw, error => (error ? fail(error) : done())),
  )
