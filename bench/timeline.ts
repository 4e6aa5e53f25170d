import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { median, quantile, timed } from './statistics.ts'

const bareText = `select id, name, at, actor_kind, actor_id, conversation_id, payload from events
  where customer_id = $1 order by id desc limit 50`

/** The 50 newest of a customer with some 200 entries. */
export async function timeline({ quick, large }: Bench): Promise<Figure[]> {
  const { lines, cookie, pool, company } = await large()
  const who = (n: number) => company.eager[n % company.eager.length]!
  const ask = async (n: number) => {
    const { status, body } = await lines.send('GET', `/api/customers/${who(n)}/timeline?limit=50`, { cookie })
    if (status !== 200) throw new Error(`The timeline was answered ${status} ${body}`)
    if (n === 0 && JSON.parse(body).items.length !== 50) throw new Error('The timeline is not 50 long.')
  }
  const bare = (n: number) => pool.query({ name: 'bare-timeline', text: bareText, values: [who(n)] })
  const forMs = quick ? 500 : 3_000
  await timed(1, forMs, ask)
  await timed(1, forMs, bare)
  const rounds = []
  for (let round = 0; round < 3; round++)
    rounds.push({ ours: (await timed(1, forMs, ask)).took, theirs: (await timed(1, forMs, bare)).took })
  const ours = rounds.flatMap(round => round.ours)
  const bareMs = median(rounds.flatMap(round => round.theirs))
  const ratio = median(rounds.map(round => median(round.ours) / median(round.theirs)))
  return [
    relative(
      'customer timeline p50',
      median(ours),
      'ms',
      { to: `bare query (${bareMs.toFixed(2)} ms)`, ratio },
      { atMost: 10 },
    ),
    absolute('customer timeline p99', quantile(ours, 0.99), 'ms', { atMost: 15 }),
  ]
}
