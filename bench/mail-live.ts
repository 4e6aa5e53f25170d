import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../e2e/house.ts'
import { openAgentSocket } from './agent-socket.ts'
import { connect, hand } from './bare-mail.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure } from './figure.ts'
import { openHouse } from './house.ts'
import { sampleMail } from './sample-mails.ts'
import { arrivals, dice, quantile } from './statistics.ts'

const perSecond = 20
const address = 'help@h.test'

/**
 * Open loop: mail comes in by SMTP at moments drawn beforehand; an agent has it on his screen when his socket was
 * told of its message.
 */
export async function mailLive({ quick, say }: Bench): Promise<Figure[]> {
  const port = await freePort()
  const house = await openHouse({ AFAR_SMTP_PORT: String(port) })
  const agent = await openAgentSocket(house)
  try {
    await house.call('POST', '/channels', {
      kind: 'mail',
      storeId: house.store.id,
      name: 'Help',
      settings: { address },
    })
    const connections = await Promise.all(Array.from({ length: 10 }, () => connect(port)))
    for (let n = 0; n < 20; n++) await hand(connections[0]!, mail(`warm${n}`), address)
    await sleep(2_000)

    const plan = arrivals(perSecond, quick ? 10 : 60, dice(3))
    const free = [...connections]
    const began = performance.now()
    const sent = await Promise.all(
      plan.map(async (at, n) => {
        await sleep(began + at - performance.now())
        const connection = free.pop() ?? (await connect(port))
        await hand(connection, mail(`live${n}`), address)
        free.push(connection)
        return { id: `live${n}@far.test`, intendedAt: began + at, acceptMs: performance.now() - began - at }
      }),
    )
    await sleep(3_000)
    const { rows } = await house.pool.query<{ messageId: string; mailId: string }>(
      `select message_id as "messageId", mail_id as "mailId" from mails where mail_id like 'live%'`,
    )
    const messageOf = new Map(rows.map(row => [row.mailId, row.messageId]))
    const shown = sent.flatMap(({ id, intendedAt }) => {
      const heardAt = agent.heard.get(messageOf.get(id) ?? '')
      return heardAt === undefined ? [] : [heardAt - intendedAt]
    })
    for (const connection of free) connection.quit()
    say(
      `${sent.length} mails; accept p99 ${quantile(
        sent.map(one => one.acceptMs),
        0.99,
      ).toFixed(0)} ms, on screen p50 ${quantile(shown, 0.5).toFixed(0)} ms`,
    )
    return [
      absolute("mail by SMTP at 20/s, on the agent's screen p99", quantile(shown, 0.99) / 1_000, 's', {
        atMost: 2,
      }),
      absolute('mail by SMTP at 20/s, lost', sent.length - shown.length, 'mails', { atMost: 0 }),
      absolute('mail by SMTP at 20/s, told twice', agent.twice(), 'mails', { atMost: 0 }),
    ]
  } finally {
    agent.close()
    await house.close()
  }
}

const mail = (id: string) => sampleMail(0, new Date()).replace('<m0@far.test>', `<${id}@far.test>`)
