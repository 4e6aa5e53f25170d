import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { ImapFlow } from 'imapflow'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { dovecotConf, postfixMain, postfixMaster } from './mail-server-settings.ts'

/** Whether real mail servers can be started here; without them the tests that need them are skipped. */
export const hasMailServers =
  process.getuid?.() === 0 &&
  ['/usr/sbin/dovecot', '/usr/lib/dovecot/imap', '/usr/sbin/postfix'].every(file => fs.existsSync(file))

export type MailServers = Awaited<ReturnType<typeof startMailServers>>

/** Good for every user of `h.test`: whoever logs in with it exists. */
export const password = 'secret'

/**
 * A dovecot (IMAP, LMTP) and a postfix (SMTP, delivering into it) of our own on free ports. Any address of
 * `h.test` is a mailbox of its own, with anything after a `+` too.
 */
export async function startMailServers({ postfix = true, auth = '' } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-mail-'))
  fs.chmodSync(dir, 0o755)
  const [imapPort, lmtpPort, smtpPort] = await freePorts(3)
  const mailDir = path.join(dir, 'mail')
  fs.mkdirSync(mailDir)
  fs.chownSync(mailDir, idOf('-u', 'mail'), idOf('-g', 'mail'))
  const conf = path.join(dir, 'dovecot.conf')
  fs.writeFileSync(conf, dovecotConf({ dir, imapPort: imapPort!, lmtpPort: lmtpPort!, auth }))

  let dovecot = await startDovecot(conf, imapPort!)
  const posting = postfix ? await startPostfix(dir, smtpPort!, lmtpPort!) : null

  const doveadm = (...args: string[]) =>
    must(spawnSync('doveadm', ['-c', conf, ...args], { encoding: 'utf8' }))

  async function as<T>(user: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: imapPort!,
      secure: false,
      doSTARTTLS: false,
      disableAutoIdle: true,
      logger: false,
      auth: { user, pass: password },
    })
    client.on('error', () => {})
    await client.connect()
    try {
      return await work(client)
    } finally {
      client.close()
    }
  }

  return {
    imapPort: imapPort!,
    smtpPort: smtpPort!,
    lmtpPort: lmtpPort!,
    mailDir,
    doveadm,
    as,
    /** By SMTP and LMTP, as a stranger's mail comes. */
    deliver: (from: string, to: string, raw: string | Buffer) => hand({ port: smtpPort! }, from, [to], raw),
    /** Straight into the mailbox: quicker, for many. */
    deliverByLmtp: (from: string, to: string, raw: string | Buffer) =>
      hand({ port: lmtpPort!, lmtp: true }, from, [to], raw),
    /** As another program or a person puts it there, with the date and flags it pleases. Answers the UIDs. */
    append: (
      user: string,
      raws: readonly (string | Buffer)[],
      { folder = 'INBOX', flags = [] as string[], date = undefined as Date | undefined } = {},
    ) =>
      as(user, async client => {
        const uids: number[] = []
        for (const raw of raws) {
          const answer = await client.append(folder, Buffer.from(raw), flags, date)
          if (!answer || !answer.uid) throw new Error('not appended')
          uids.push(answer.uid)
        }
        return uids
      }),
    list: (user: string, folder = 'INBOX') =>
      as(user, async client => {
        const opened = await client.mailboxOpen(folder, { readOnly: true })
        if (opened.exists === 0) return []
        const mails = await client.fetchAll('1:*', { uid: true, flags: true, source: true })
        return mails.map(({ uid, flags, source }) => ({ uid, flags: [...(flags ?? [])], source: source! }))
      }),
    flag: (user: string, uid: number, flags: string[]) =>
      as(user, async client => {
        await client.mailboxOpen('INBOX')
        await client.messageFlagsAdd(String(uid), flags, { uid: true })
      }),
    createFolder: (user: string, folder: string) => as(user, client => client.mailboxCreate(folder)),
    renameFolder: (user: string, from: string, to: string) =>
      as(user, client => client.mailboxRename(from, to)),
    /** As a restored backup or a moved server does: every UID means something else from here on. */
    changeUidValidity(user: string, folder = 'INBOX') {
      const validity = 1_000_000_000 + Math.floor(Math.random() * 1e9)
      doveadm('mailbox', 'update', '--uid-validity', String(validity), '-u', user, folder)
    },
    stopDovecot: () => ended(dovecot),
    async startDovecot() {
      dovecot = await startDovecot(conf, imapPort!)
    },
    async stop() {
      if (posting) await ended(posting)
      await ended(dovecot)
      fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function startDovecot(conf: string, port: number) {
  const kept = keepWhileWeLive('dovecot -F -c "$0" & child=$!; read -r _; kill $child; wait $child', conf)
  await answering(port)
  return kept
}

async function startPostfix(dir: string, smtpPort: number, lmtpPort: number) {
  const etc = path.join(dir, 'postfix')
  for (const folder of [etc, path.join(dir, 'queue'), path.join(dir, 'data')]) fs.mkdirSync(folder)
  fs.chownSync(path.join(dir, 'data'), idOf('-u', 'postfix'), idOf('-g', 'postfix'))
  fs.writeFileSync(path.join(etc, 'main.cf'), postfixMain({ dir, lmtpPort }))
  fs.writeFileSync(path.join(etc, 'master.cf'), postfixMaster(smtpPort))
  must(spawnSync('postfix', ['-c', etc, 'start'], { encoding: 'utf8' }))
  const kept = keepWhileWeLive('read -r _; postfix -c "$0" stop', etc)
  await answering(smtpPort)
  return kept
}

/** The shell reads from us, so whatever way we end, also killed or with all tests left out, it ends its server. */
function keepWhileWeLive(script: string, argument: string) {
  return spawn('/bin/sh', ['-c', script, argument], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
}

function ended(child: ReturnType<typeof keepWhileWeLive>) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const exit = new Promise<void>(done => child.once('exit', () => done()))
  child.stdin.end()
  return exit
}

function hand(server: { port: number; lmtp?: boolean }, from: string, to: string[], raw: string | Buffer) {
  const connection = new SMTPConnection({ host: '127.0.0.1', ignoreTLS: true, ...server })
  return new Promise<void>((resolve, reject) => {
    connection.on('error', reject)
    connection.connect(() =>
      connection.send({ from, to }, Buffer.from(raw), error => {
        connection.quit()
        if (error) reject(error)
        else resolve()
      }),
    )
  })
}

async function answering(port: number) {
  for (let tries = 0; tries < 200; tries++) {
    const isThere = await new Promise<boolean>(done => {
      const probe = net.connect(port, '127.0.0.1')
      probe.once('data', () => done(true)).once('error', () => done(false))
      probe.setTimeout(1_000, () => done(false))
      probe.once('close', () => done(false))
    })
    if (isThere) return
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error(`Nobody answers on port ${port}.`)
}

/** All held before any is given back, so that no two are the same. */
async function freePorts(count: number) {
  const probes = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map(probe => new Promise(done => probe.once('listening', done))))
  const ports = probes.map(probe => (probe.address() as net.AddressInfo).port)
  await Promise.all(probes.map(probe => new Promise(done => probe.close(done))))
  return ports
}

const idOf = (flag: '-u' | '-g', user: string) =>
  Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))

function must({ status, stdout, stderr }: SpawnSyncReturns<string>) {
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
  return stdout
}
