import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../server/src/platform/db.ts'
import { findEmbeddedConnection } from '../server/src/platform/embedded-postgres.ts'
import { bodyOf, type Webhook } from './webhooks.ts'

const clients = 10

/**
 * The anchor of `inbound`: the rows a message leaves behind, written by hand into the same tables with the same
 * indexes, in a database of its own on the same PostgreSQL. One transaction per message, ten connections,
 * prepared statements, nothing checked:
 * - always: ledger row in, its closing, message, event `message.added`, conversation taken on or opened, clock
 *   (a no-op where it runs);
 * - of a new sender also: identity, customer, the fact of his name, events `customer.created` and
 *   `conversation.opened`, audit entry;
 * - the reactions' cursor once per 50 messages, as the product moves it.
 * Left out in its favour: routing's look at the queue, sealing of the audit, reading events for the push.
 */
export async function openBareInbound(dataDir: string) {
  const afar = findEmbeddedConnection(dataDir)!
  const owner = new pg.Client({ ...afar, user: 'postgres', database: 'postgres' })
  await owner.connect()
  await owner.query('create database bare owner afar')
  await owner.end()
  const connection = { ...afar, database: 'bare' }
  await migrate(connection)
  const pool = new pg.Pool({ ...connection, max: clients })
  const scope = await furnish(pool)
  let taken = 0

  /** Takes the messages in, ten at a time, and answers how many a second. A sender keeps to one line, as in ours. */
  async function take(webhooks: readonly Webhook[]) {
    const lines = Map.groupBy(webhooks, ({ sender }) => Number(sender.slice(1)) % clients)
    const began = performance.now()
    await Promise.all(
      [...lines.values()].map(async line => {
        for (const webhook of line) {
          await takeOne(pool, scope, webhook)
          if (++taken % 50 === 0) await run(pool, statements.cursor, [])
        }
      }),
    )
    return webhooks.length / ((performance.now() - began) / 1_000)
  }
  return { take, pool, close: () => pool.end() }
}

type Scope = { store: string; channel: string; policy: string }

async function furnish(pool: pg.Pool): Promise<Scope> {
  const scope = { store: randomUUID(), channel: randomUUID(), policy: randomUUID() }
  await pool.query(
    `insert into stores (id, key, name, brand, languages, zone, currency, country, colour) values ($1, 'bare', 'Bare', 'Bare', '{en}', 'UTC', 'USD', 'US', '#000000')`,
    [scope.store],
  )
  await pool.query(
    `insert into channels (id, store_id, kind, name, settings) values ($1, $2, 'api', 'Bare', '{}')`,
    [scope.channel, scope.store],
  )
  await pool.query(
    `insert into clock_policies (id, code, version, names, kind, channel, trigger, window_value, window_unit, calendar, stops_on, pauses_on, warn_at, escalations, on_expiry, severity, source, verified_at, effective_from)
     values ($1, 'bare', 1, '{}', 'first_response', 'api', 'oldest_unanswered_message', 8, 'hour', 'always', '{human_reply}', '{}', '{0.5,0.75,0.9}', '[]', 'metric_miss', 2, 'bench', '2026-01-01', now())`,
    [scope.policy],
  )
  return scope
}

async function takeOne(pool: pg.Pool, { store, channel, policy }: Scope, webhook: Webhook) {
  const client = await pool.connect()
  const { id, sender } = webhook
  const raw = bodyOf(webhook)
  const text = JSON.parse(raw).text as string
  const now = new Date()
  try {
    await client.query('begin')
    const ledger = await run(client, statements.arrive, [channel, id, sender, Buffer.from(raw), now])
    const known = await run(client, statements.find, [sender, channel])
    let { identityId, customerId } = known.rows[0] ?? {}
    if (!identityId) {
      identityId = randomUUID()
      customerId = randomUUID()
      const name = `Customer ${sender}`
      await run(client, statements.customer, [
        customerId,
        name,
        ` ${name.toLowerCase()} `,
        ` ${sender} `,
        now,
      ])
      await run(client, statements.identity, [identityId, customerId, channel, sender, name, now])
      await run(client, statements.fact, [randomUUID(), customerId, JSON.stringify(name), now])
      await run(client, statements.audit, [randomUUID(), now, `customer:${customerId}`])
    }
    const found = await run(client, statements.lock, [identityId])
    const conversationId: string = found.rows[0]?.id ?? randomUUID()
    const seq: number = (found.rows[0]?.lastSeq ?? 0) + 1
    const dueAt = new Date(now.getTime() + 28_800_000)
    const messageId = randomUUID()
    const about = JSON.stringify({
      conversationId,
      storeId: store,
      identityId,
      messageId,
      seq,
      kind: 'customer',
    })
    if (seq === 1) {
      await run(client, statements.open, [
        conversationId,
        store,
        channel,
        customerId,
        identityId,
        text,
        now,
        dueAt,
      ])
      await run(client, statements.news, [now, customerId, conversationId, about])
    } else await run(client, statements.goOn, [conversationId, seq, text, now])
    await run(client, statements.clock, [randomUUID(), conversationId, store, policy, now, dueAt])
    await run(client, statements.message, [
      messageId,
      conversationId,
      seq,
      customerId,
      text,
      ledger.rows[0].id,
      now,
    ])
    await run(client, statements.added, [now, customerId, conversationId, about])
    await run(client, statements.done, [ledger.rows[0].id, messageId, conversationId, now])
    await client.query('commit')
  } finally {
    client.release()
  }
}

const run = (
  client: pg.Pool | pg.PoolClient,
  { name, text }: { name: string; text: string },
  values: unknown[],
) => client.query({ name, text, values })

const written = (name: string, text: string) => ({ name, text })

const statements = {
  arrive: written(
    'arrive',
    `insert into inbound (channel_id, external_id, line, lane, raw, headers, received_at)
     values ($1, $2, $3, 1, $4, '{"content-type":"application/json"}', $5) on conflict (channel_id, external_id) do nothing returning id`,
  ),
  find: written(
    'find',
    `select i.id as "identityId", i.customer_id as "customerId" from identities i join customers c on c.id = i.customer_id
     where value = $1 and kind = 'external' and scope = $2 and is_verified`,
  ),
  customer: written(
    'customer',
    `insert into customers (id, name, name_needle, needle, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)`,
  ),
  identity: written(
    'identity',
    `insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, verified_at, source, created_at)
     values ($1, $2, $2, 'external', $3, $4, true, $5, $6, 'api', $6)`,
  ),
  fact: written(
    'fact',
    `insert into facts (id, customer_id, original_customer_id, field, value, source, at) values ($1, $2, $2, 'name', $3, 'api', $4)`,
  ),
  audit: written(
    'audit',
    `insert into audit_entries (id, at, actor_kind, action, object, fields) values ($1, $2, 'system', 'customer.created', $3, '{}')`,
  ),
  lock: written(
    'lock',
    `select id, last_seq as "lastSeq" from conversations where identity_id = $1 order by id desc limit 1 for update`,
  ),
  open: written(
    'open',
    `insert into conversations (id, store_id, channel_id, channel_kind, customer_id, identity_id, category, language, last_seq, customer_count,
       preview_kind, preview_text, last_activity_at, waiting_since, due_at, opened_at)
     values ($1, $2, $3, 'api', $4, $5, 'new', 'en', 1, 1, 'customer', $6, $7, $7, $8, $7)`,
  ),
  goOn: written(
    'go-on',
    `update conversations set last_seq = $2, customer_count = customer_count + 1, preview_kind = 'customer', preview_text = $3,
       last_activity_at = $4, version = version + 1 where id = $1`,
  ),
  news: written(
    'news',
    `insert into events (name, at, actor_kind, customer_id, conversation_id, payload)
     values ('customer.created', $1, 'system', $2, null, '{}'), ('conversation.opened', $1, 'system', $2, $3, $4)`,
  ),
  clock: written(
    'clock',
    `insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, next_at)
     values ($1, $2, $3, 'first_response', $4, $5, 28800000, 'always', false, $6, array[$6::timestamptz, $6::timestamptz, $6::timestamptz, $6::timestamptz], $6)
     on conflict (subject_id, kind) where stopped_at is null and kind <> 'promise' do nothing`,
  ),
  message: written(
    'message',
    `insert into messages (id, conversation_id, seq, kind, author_kind, author_id, text, inbound_id, created_at)
     values ($1, $2, $3, 'customer', 'customer', $4, $5, $6, $7)`,
  ),
  added: written(
    'added',
    `insert into events (name, at, actor_kind, customer_id, conversation_id, payload) values ('message.added', $1, 'system', $2, $3, $4)`,
  ),
  done: written(
    'done',
    `update inbound set state = 'done', message_id = $2, conversation_id = $3, done_at = $4 where id = $1 and state = 'received'`,
  ),
  cursor: written(
    'cursor',
    `insert into reaction_cursors (name, position) select 'all', coalesce(max(id), 0) from events
     on conflict (name) do update set position = excluded.position`,
  ),
}
