import { setTimeout as sleep } from 'node:timers/promises'
import { openAgentSocket } from './agent-socket.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure } from './figure.ts'
import { type BenchHouse, openHouse } from './house.ts'
import type { Lines } from './http-lines.ts'
import { openSockets } from './socket-crowd.ts'
import { arrivals, dice, quantile } from './statistics.ts'
import { type ApiChannel, checkTakenIn, openApiChannel, post, takenIn, type Webhook } from './webhooks.ts'

const perSecond = 200
const idleAgents = 19
/** Above this the driver itself was late, and the run says nothing about the server. */
const lagLimitMs = 20

type Sent = Webhook & { intendedAt: number; lagMs: number; acceptMs: number }

/**
 * Open loop: arrivals are drawn beforehand and never wait for an answer; latency counts from the intended moment.
 * Every message is sent once more a little later, as a provider does that did not hear the answer.
 */
export async function openLoop({ quick, say }: Bench): Promise<Figure[]> {
  const house = await openHouse()
  const agent = await openAgentSocket(house)
  const others = await openSockets({
    url: house.url,
    namespace: '/staff',
    clients: Array.from({ length: idleAgents }, () => ({ cookie: house.cookie })),
  })
  try {
    const channel = await openApiChannel(house)
    await warm(house, channel)
    const random = dice(11)
    let senders = 50
    const plan = arrivals(perSecond, quick ? 10 : 60, random).map((at, n) => {
      const sender = random() < 0.2 ? ++senders : 1 + Math.floor(random() * senders)
      return { id: `m${n}`, sender: `s${sender}`, at, repeatAfter: 50 + random() * 450 }
    })
    const sent = await play(house, channel, plan)
    await takenIn(house)
    await sleep(500)
    const pushed = await pushLatencies(house, agent.heard, sent)
    await checkTakenIn(house, sent.length + 50, senders)

    const lag = quantile(
      sent.map(({ lagMs }) => lagMs),
      0.99,
    )
    say(
      `${sent.length} messages and as many repeats; accept p50 ${p(
        sent.map(s => s.acceptMs),
        0.5,
      )}, pushed p50 ${p(pushed, 0.5)}`,
    )
    if (lag > lagLimitMs) say(`VOID: the driver itself was late (p99 ${lag.toFixed(0)} ms).`)
    const lost = sent.length - pushed.length
    return [
      absolute('open loop 200/s, driver lag p99', lag, 'ms', { atMost: lagLimitMs }),
      absolute(
        'open loop 200/s, accept p99',
        quantile(
          sent.map(s => s.acceptMs),
          0.99,
        ),
        'ms',
        { atMost: 50 },
      ),
      absolute("open loop 200/s, on the agent's socket p99", quantile(pushed, 0.99), 'ms', { atMost: 100 }),
      absolute('open loop 200/s, lost', lost, 'messages', { atMost: 0 }),
      absolute('open loop 200/s, told or stored twice', agent.twice(), 'messages', { atMost: 0 }),
    ]
  } finally {
    agent.close()
    await others.close()
    await house.close()
  }
}

const p = (values: number[], at: number) => `${quantile(values, at).toFixed(1)} ms`

async function warm(house: BenchHouse, channel: ApiChannel) {
  for (let n = 1; n <= 50; n++) await post(house.lines, channel, { id: `warm${n}`, sender: `s${n}` })
  await takenIn(house)
}

type Planned = Webhook & { at: number; repeatAfter: number }

async function play({ lines }: BenchHouse, channel: ApiChannel, plan: readonly Planned[]): Promise<Sent[]> {
  const began = performance.now() + 200
  const underway: Promise<unknown>[] = []
  const sent: Sent[] = []
  for (const { at, repeatAfter, ...webhook } of plan) {
    const intendedAt = began + at
    for (let early = intendedAt - performance.now(); early > 0; early = intendedAt - performance.now())
      await sleep(Math.max(0, early - 1))
    const lagMs = performance.now() - intendedAt
    const first = insist(lines, channel, webhook).then(() => {
      sent.push({ ...webhook, intendedAt, lagMs, acceptMs: performance.now() - intendedAt })
    })
    const repeat = sleep(repeatAfter).then(() => insist(lines, channel, webhook))
    underway.push(first, repeat)
  }
  await Promise.all(underway)
  return sent
}

/** A provider that gets no answer tries again; its patience counts as latency. */
async function insist(lines: Lines, channel: ApiChannel, webhook: Webhook) {
  for (let tries = 1; ; tries++) {
    try {
      return await post(lines, channel, webhook)
    } catch (error) {
      if (tries === 5) throw error
      await sleep(200)
    }
  }
}

/** The push carries ids only; the ledger knows which message of ours became which of theirs. */
async function pushLatencies(
  { pool }: BenchHouse,
  heard: ReadonlyMap<string, number>,
  sent: readonly Sent[],
) {
  const { rows } = await pool.query<{ externalId: string; messageId: string }>(
    'select external_id as "externalId", message_id as "messageId" from inbound',
  )
  const messageOf = new Map(rows.map(row => [row.externalId, row.messageId]))
  return sent.flatMap(({ id, intendedAt }) => {
    const at = heard.get(messageOf.get(id) ?? '')
    return at === undefined ? [] : [at - intendedAt]
  })
}
