import { setTimeout as sleep } from 'node:timers/promises'
import { openAgentSocket } from './agent-socket.ts'
import { openBareInbound } from './bare-inbound.ts'
import type { Bench } from './bench.ts'
import { type Figure, relative } from './figure.ts'
import { openHouse } from './house.ts'
import { dice, median } from './statistics.ts'
import { checkTakenIn, openApiChannel, post, takenIn, type Webhook } from './webhooks.ts'

const clients = 32
const knownSenders = 400

/**
 * Closed loop: 32 clients post signed webhooks as fast as they are answered, an agent listens. A message counts
 * once it is in its conversation, its reactions have run and the agent was told. Rounds alternate with the anchor.
 */
export async function inbound({ quick, say }: Bench): Promise<Figure[]> {
  const perRound = quick ? 1_500 : 8_000
  const rounds = quick ? 3 : 5
  const house = await openHouse()
  const bare = await openBareInbound(house.dataDir)
  const agent = await openAgentSocket(house)
  try {
    const channel = await openApiChannel(house)
    const crowd = drawCrowd()
    const ours: number[] = []
    const theirs: number[] = []

    const takeAll = async (webhooks: readonly Webhook[]) => {
      const began = performance.now()
      let next = 0
      await Promise.all(
        Array.from({ length: clients }, async () => {
          for (let webhook = webhooks[next++]; webhook; webhook = webhooks[next++])
            await post(house.lines, channel, webhook)
        }),
      )
      const accepted = performance.now() - began
      await takenIn(house)
      while (agent.heard.size < crowd.sent()) await sleep(5)
      const took = performance.now() - began
      return { perSecond: webhooks.length / (took / 1_000), accepted: webhooks.length / (accepted / 1_000) }
    }

    const first = crowd.draw(knownSenders, 1)
    await takeAll(first)
    await bare.take(first)
    const warm = crowd.draw(perRound, 0.2)
    await takeAll(warm)
    await bare.take(warm)
    for (let round = 1; round <= rounds; round++) {
      const webhooks = crowd.draw(perRound, 0.2)
      const { perSecond, accepted } = await takeAll(webhooks)
      const anchor = await bare.take(webhooks)
      ours.push(perSecond)
      theirs.push(anchor)
      say(
        `round ${round}: ${perSecond.toFixed(0)}/s taken in (${accepted.toFixed(0)}/s accepted), bare ${anchor.toFixed(0)}/s`,
      )
    }
    await checkTakenIn(house, crowd.sent(), crowd.senders())
    if (agent.twice() > 0) throw new Error(`The agent was told ${agent.twice()} messages twice.`)
    const ratio = median(ours.map((rate, n) => rate / theirs[n]!))
    return [
      relative(
        'inbound, closed loop of 32',
        median(ours),
        'messages/s',
        { to: `bare pg, same rows (${median(theirs).toFixed(0)}/s)`, ratio },
        { atLeast: 0.4 },
      ),
    ]
  } finally {
    agent.close()
    await bare.close()
    await house.close()
  }
}

/** Who writes: mostly people who wrote before, a share of new ones; the same for us and the anchor. */
function drawCrowd() {
  const random = dice(7)
  let sent = 0
  let senders = 0
  return {
    draw: (count: number, newShare: number): Webhook[] =>
      Array.from({ length: count }, () => {
        const sender = senders === 0 || random() < newShare ? ++senders : 1 + Math.floor(random() * senders)
        return { id: `m${++sent}`, sender: `s${sender}` }
      }),
    sent: () => sent,
    senders: () => senders,
  }
}
