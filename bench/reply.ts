import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { median, quantile, timed } from './statistics.ts'

const agents = 4

/** Four agents answer chats that wait: message, clock stopped, list row, event, audit. */
export async function reply({ quick, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const { rows: chats } = await house.pool.query<{ id: string }>(
    `select id from conversations where channel_kind = 'web_chat' and category in ('new', 'open') and waiting_since is not null
     and store_id in (select unnest(store_ids) from staff where id = $1) order by id desc limit 20000`,
    [house.company.me],
  )
  const forMs = quick ? 1_500 : 6_000
  const answered = new Map<string, number>()
  // Each chat is used once: ours take them from the front, the anchor's from the back.
  let front = 0
  let back = chats.length
  const next = (id: string | undefined) => {
    if (!id || front >= back) throw new Error('There are not enough waiting chats.')
    return id
  }
  const ours = async () => {
    const id = next(chats[front++]?.id)
    answered.set(id, ((await answer(house, id)) as { seq: number }).seq)
  }
  const bare = () => bareReply(house, next(chats[--back]?.id))
  await timed(agents, forMs / 4, ours)
  await timed(agents, forMs / 4, bare)
  const rounds = []
  for (let round = 0; round < 3; round++)
    rounds.push({ ours: await timed(agents, forMs / 3, ours), theirs: await timed(agents, forMs / 3, bare) })
  await check(house.pool, answered)
  const took = rounds.flatMap(round => round.ours.took)
  const rate = median(rounds.map(round => round.ours.perSecond))
  const bareRate = median(rounds.map(round => round.theirs.perSecond))
  const ratio = median(rounds.map(round => round.ours.perSecond / round.theirs.perSecond))
  return [
    relative(
      'replies, 4 agents',
      rate,
      'replies/s',
      { to: `bare pg, same rows (${bareRate.toFixed(0)}/s)`, ratio },
      null,
    ),
    absolute('reply p99, 4 agents', quantile(took, 0.99), 'ms', { atMost: 40 }),
  ]
}

async function answer({ lines, mine }: LargeHouse, id: string) {
  const body = {
    clientId: randomUUID(),
    text: 'It left our house yesterday.',
    attachmentIds: [],
    lastSeenSeq: 5,
  }
  const { status, body: said } = await lines.send(
    'POST',
    `/api/conversations/${id}/replies`,
    mine,
    JSON.stringify(body),
  )
  if (status !== 201) throw new Error(`A reply was answered ${status} ${said}`)
  return JSON.parse(said)
}

async function check(pool: pg.Pool, answered: ReadonlyMap<string, number>) {
  const { rows } = await pool.query(
    `select count(*) as wrong from unnest($1::uuid[]) as asked(id) join conversations c using (id)
     where c.last_seq <> 6 or c.waiting_since is not null or exists (select from clocks where subject_id = c.id and stopped_at is null)
       or (select count(*) from messages where conversation_id = c.id) <> 6`,
    [[...answered.keys()]],
  )
  if (rows[0].wrong > 0) throw new Error(`${rows[0].wrong} replies left wrong data.`)
}

async function bareReply({ pool, company }: LargeHouse, id: string) {
  const client = await pool.connect()
  const run = (name: string, text: string, values: unknown[]) =>
    client.query({ name: `reply-${name}`, text, values })
  const now = new Date()
  try {
    await client.query('begin')
    const { rows } = await run(
      'lock',
      'select last_seq, customer_id from conversations where id = $1 for update',
      [id],
    )
    const { last_seq: seq, customer_id: customer } = rows[0]
    await run(
      'say',
      `insert into messages (id, conversation_id, seq, kind, author_kind, author_id, text, client_id, created_at)
       values ($1, $2, $3, 'reply', 'staff', $4, $5, $1, $6)`,
      [randomUUID(), id, seq + 1, company.me, 'It left our house yesterday.', now],
    )
    await run(
      'stop',
      `update clocks set stopped_at = $2, stop_reason = 'answered', next_at = null where subject_id = $1 and stopped_at is null`,
      [id, now],
    )
    await run(
      'show',
      `update conversations set category = 'open', last_seq = $2, last_activity_at = $3, preview_kind = 'reply', preview_text = $4,
         waiting_since = null, due_at = '9999-12-31', version = version + 1 where id = $1`,
      [id, seq + 1, now, 'It left our house yesterday.'],
    )
    await run(
      'tell',
      `insert into events (name, at, actor_kind, actor_id, customer_id, conversation_id, payload) values ('message.added', $1, 'staff', $2, $3, $4, $5)`,
      [now, company.me, customer, id, JSON.stringify({ conversationId: id, seq: seq + 1, kind: 'reply' })],
    )
    await run(
      'note',
      `insert into audit_entries (id, at, actor_kind, actor_id, action, object, fields) values ($1, $2, 'staff', $3, 'message.replied', $4, '{}')`,
      [randomUUID(), now, company.me, `conversation:${id}`],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}
