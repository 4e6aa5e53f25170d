import { randomUUID } from 'node:crypto'
import type { Bench } from './bench.ts'
import { type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { median, timed } from './statistics.ts'

const clients = 4

/** A customer with an address, made by four clients; the anchor inserts the same rows in one transaction. */
export async function customerCreate({ quick, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const forMs = quick ? 1_000 : 5_000
  let made = 0
  const ours = async () => {
    const name = `Bench Newcomer ${made++}`
    const body = JSON.stringify({ name, email: `newcomer${made}-${randomUUID()}@bench.example` })
    const { status, body: said } = await house.lines.send('POST', '/api/customers', house.mine, body)
    if (status !== 201) throw new Error(`A new customer was answered ${status} ${said}`)
  }
  await timed(clients, forMs / 3, ours)
  await timed(clients, forMs / 3, () => bareCreate(house))
  const rounds = []
  for (let round = 0; round < 3; round++)
    rounds.push({
      ours: await timed(clients, forMs / 3, ours),
      theirs: await timed(clients, forMs / 3, () => bareCreate(house)),
    })
  const { rows } = await house.pool.query(
    `select count(*) as count from customers where name like 'Bench Newcomer %' and created_at > now() - interval '1 day'`,
  )
  if (rows[0].count !== made) throw new Error(`${rows[0].count} customers are there, ${made} were made.`)
  const bareRate = median(rounds.map(round => round.theirs.perSecond))
  const ratio = median(rounds.map(round => round.ours.perSecond / round.theirs.perSecond))
  return [
    relative(
      'customers created, 4 clients',
      median(rounds.map(round => round.ours.perSecond)),
      'customers/s',
      { to: `bare pg, same rows (${bareRate.toFixed(0)}/s)`, ratio },
      { atLeast: 0.1 },
    ),
  ]
}

async function bareCreate({ pool, company }: LargeHouse) {
  const client = await pool.connect()
  const run = (name: string, text: string, values: unknown[]) =>
    client.query({ name: `create-${name}`, text, values })
  const [customer, now] = [randomUUID(), new Date()]
  const mail = `${customer}@bare.example`
  try {
    await client.query('begin')
    await run(
      'customer',
      `insert into customers (id, name, name_needle, needle, created_at, updated_at) values ($1, 'Bare Newcomer', ' bare newcomer ', $2, $3, $3)`,
      [customer, ` ${mail} `, now],
    )
    await run(
      'identity',
      `insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, source, created_at)
       values ($1, $2, $2, 'email', '', $3, false, $3, 'staff', $4)`,
      [randomUUID(), customer, mail, now],
    )
    await run(
      'fact',
      `insert into facts (id, customer_id, original_customer_id, field, value, source, at, by) values ($1, $2, $2, 'name', '"Bare Newcomer"', 'staff', $3, $4)`,
      [randomUUID(), customer, now, company.me],
    )
    await run(
      'event',
      `insert into events (name, at, actor_kind, actor_id, customer_id, payload) values ('customer.created', $1, 'staff', $2, $3, '{}')`,
      [now, company.me, customer],
    )
    await run(
      'audit',
      `insert into audit_entries (id, at, actor_kind, actor_id, action, object, fields) values ($1, $2, 'staff', $3, 'customer.created', $4, '{}')`,
      [randomUUID(), now, company.me, `customer:${customer}`],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}
