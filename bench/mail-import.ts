import { setTimeout as sleep } from 'node:timers/promises'
import { password, startMailServers } from '../server/test/mail-servers.ts'
import { openBareReceiver, queueInPostfix } from './bare-mail.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { type BenchHouse, openHouse } from './house.ts'
import { fillMaildir, sampleMail } from './sample-mails.ts'
import { residentWithReaders } from './server-process.ts'

const user = 'help@h.test'
const liveEveryMs = 4_000

/**
 * The first look at a mailbox that is full: fetched by IMAP from a dovecot, stored raw, read, threaded. Meanwhile
 * new mail comes in, and must be seen in time.
 */
export async function mailImport({ quick, say }: Bench): Promise<Figure[]> {
  const count = quick ? 4_000 : 50_000
  const house = await openHouse({ AFAR_OUTBOUND_ALLOW: '127.0.0.0/8:*' })
  const servers = await startMailServers()
  try {
    fillMaildir(servers.mailDir, user, count)
    servers.doveadm('index', '-u', user, 'INBOX')
    const memory = watchMemory(house.pid)
    const began = performance.now()
    const channel = await openMailChannel(house, servers)
    const live = sendLive(house, servers, channel.id)
    let done = 0
    while (done < count) {
      await sleep(500)
      done = await historyDone(house, channel.id)
      if (performance.now() - began > 900_000)
        throw new Error(`Only ${done} of ${count} mails in 15 minutes.`)
    }
    const took = (performance.now() - began) / 1_000
    const delays = await live.stop()
    const most = memory.stop()
    await check(house, channel.id, count)
    const bare = await openBareReceiver(house.dataDir)
    const accepts = await bare.rate(quick ? 2_000 : 20_000)
    await bare.close()
    const queued = await queueInPostfix(servers.smtpPort, quick ? 1_000 : 5_000)
    say(
      `${count} mails in ${took.toFixed(0)} s; live mail: ${delays.map(ms => `${ms.toFixed(0)} ms`).join(', ')}`,
    )
    const rate = count / took
    return [
      absolute('mail import, stored and threaded', rate, 'mails/s', { atLeast: 320 }),
      relative(
        'mail import, beside a bare receiver',
        rate,
        'mails/s',
        { to: `smtp-server + insert before its 250 (${accepts.toFixed(0)}/s)`, ratio: rate / accepts },
        { atLeast: 0.08 },
      ),
      relative(
        'mail import, beside postfix',
        rate,
        'mails/s',
        { to: `postfix queueing (${queued.toFixed(0)}/s)`, ratio: rate / queued },
        null,
      ),
      absolute('mail import, memory of server and reader', most / 1e6, 'MB', { atMost: 400 }),
      absolute('new mail during the import, slowest', Math.max(...delays) / 1_000, 's', { atMost: 5 }),
    ]
  } finally {
    await servers.stop()
    await house.close()
  }
}

type Servers = Awaited<ReturnType<typeof startMailServers>>

export async function openMailChannel(house: BenchHouse, servers: Servers) {
  const server = { host: '127.0.0.1', security: 'none' }
  const channel = await house.call<{ id: string }>('POST', '/channels', {
    kind: 'mail',
    storeId: house.store.id,
    name: 'Help',
    settings: {
      address: user,
      historyDays: 3_650,
      imap: { ...server, port: servers.imapPort, folder: 'INBOX' },
      smtp: { ...server, port: servers.smtpPort },
    },
  })
  await house.call('PUT', `/channels/${channel.id}/mailbox/credentials`, { password })
  return channel
}

const historyDone = async (house: BenchHouse, channelId: string) =>
  Number(
    (
      await house.pool.query(
        "select count(*)::int as n from inbound where channel_id = $1 and lane = 3 and state = 'done'",
        [channelId],
      )
    ).rows[0].n,
  )

/** A mail every few seconds, and how long each took until an agent could have seen it. */
function sendLive(house: BenchHouse, servers: Servers, channelId: string) {
  const delays: number[] = []
  let stopped = false
  const running = (async () => {
    for (let n = 0; !stopped; n++) {
      const began = performance.now()
      const mail = sampleMail(0, new Date()).replace('<m0@far.test>', `<live${n}@far.test>`)
      await servers.deliverByLmtp('live@far.test', user, mail)
      while (!(await isHere(house, channelId, `live${n}@far.test`))) {
        if (performance.now() - began > 120_000) break
        await sleep(25)
      }
      delays.push(performance.now() - began)
      if (!stopped) await sleep(liveEveryMs)
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      return delays
    },
  }
}

const isHere = async (house: BenchHouse, channelId: string, mailId: string) =>
  (await house.pool.query('select 1 from mails where channel_id = $1 and mail_id = $2', [channelId, mailId]))
    .rows.length > 0

/** Nothing lost, nothing twice, and each answer with what it answers. */
async function check(house: BenchHouse, channelId: string, count: number) {
  const { rows } = await house.pool.query(
    `select (select count(*)::int from inbound where channel_id = $1 and lane = 3) as items,
       (select count(*)::int from mails m join inbound i on i.id = m.inbound_id where m.channel_id = $1 and i.lane = 3) as mails,
       (select count(distinct g.conversation_id)::int from mails m join inbound i on i.id = m.inbound_id join messages g on g.id = m.message_id where m.channel_id = $1 and i.lane = 3) as threads`,
    [channelId],
  )
  const { items, mails, threads } = rows[0]
  if (items !== count || mails !== count || threads !== count / 2)
    throw new Error(`${count} mails made ${items} items, ${mails} messages in ${threads} conversations.`)
}

function watchMemory(pid: number) {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, residentWithReaders(pid))
  }, 250)
  return {
    stop() {
      clearInterval(timer)
      return most
    },
  }
}
