import pg from 'pg'
import {
  chineseGiven,
  chineseNames,
  firstNames,
  japaneseFamilies,
  japaneseGiven,
  syllables,
} from './seed-names.ts'
import { makeSentences } from './seed-sentences.ts'

export type Company = { me: string; agents: number; conversations: number; eager: string[] }

const agents = 40
/** Customers with a long history, for the timeline. */
const eagerCustomers = 100
const sentences = 30_011
const filled = [
  'customers',
  'identities',
  'conversations',
  'messages',
  'message_search',
  'clocks',
  'conversation_reads',
  'events',
  'assignments',
]

/** Fills the empty house of `large-house.ts` with sets of rows; as superuser, to go without the foreign keys' checks. */
export async function seed(connection: pg.ClientConfig, conversations: number): Promise<Company> {
  const db = new pg.Client(connection)
  // Without a listener a lost connection ends the process; with one the statement under way fails, and all is put away.
  db.on('error', () => {})
  await db.connect()
  try {
    await db.query(`set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB';
      set work_mem = '64MB'; set timezone = 'UTC'; select setseed(0.42)`)
    await db.query(functions)
    await db.query(colleagues)
    await speak(db)
    const indexes = await dropIndexes(db)
    for (const statement of [
      customers,
      identities,
      addresses,
      opened,
      said,
      indexed,
      running,
      reads,
      happened,
      eager,
    ])
      await db.query(statement.replaceAll('$n', String(conversations)))
    for (const index of indexes) await db.query(index)
    await db.query(`insert into reaction_cursors (name, position) select 'all', max(id) from events
      on conflict (name) do update set position = excluded.position`)
    await db.query(`update search_progress set event_id = (select max(id) from events), walked = (select count(*) from messages),
      message_id = (select max(id::text)::uuid from messages), completed_at = now()`)
    await db.query('analyze; checkpoint')
    const { rows } = await db.query(`select id from staff where email = 'ada@test.example'`)
    const { rows: few } = await db.query(
      `select bench_id(1, n) as id from generate_series(1, ${eagerCustomers}) n`,
    )
    return { me: rows[0].id, agents, conversations, eager: few.map(row => row.id) }
  } finally {
    await db.end()
  }
}

async function speak(db: pg.Client) {
  await db.query('create temp table sentence (nr int primary key, text text, words tsvector)')
  const said = makeSentences(sentences)
  await db.query(
    `insert into sentence select nr - 1, text, words::tsvector from unnest($1::text[], $2::text[]) with ordinality as s(text, words, nr)`,
    [said.map(({ text }) => text), said.map(({ words }) => words)],
  )
  await db.query('analyze sentence')
}

/** Building them at the end takes a fraction of the time. Answers how to make them again. */
async function dropIndexes(db: pg.Client): Promise<string[]> {
  const { rows } = await db.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype = 'u' and conrelid = any($1::regclass[])
     union all
     select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
     from pg_index i where indrelid = any($1::regclass[]) and not indisprimary
       and not exists (select from pg_constraint where conindid = i.indexrelid)`,
    [filled],
  )
  for (const { drop } of rows) await db.query(drop)
  return rows.map(({ make }) => make)
}

const list = (words: readonly string[]) => `array['${words.join("','")}']`
const pick = (words: readonly string[], by: string) =>
  `(${list(words)})[1 + floor(${by} * ${words.length})::int]`

/** Ids in the order of time, as the application makes them. */
const functions = `
  create function bench_id(kind int, n bigint) returns uuid language sql immutable parallel safe as $$
    select (lpad(to_hex(1700000000000 + n * 30), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid $$;
  create temp table place as
    select row_number() over (order by s.key) as nr, s.id as store,
      (select id from channels where store_id = s.id and kind = 'web_chat') as chat,
      (select id from channels where store_id = s.id and kind = 'api') as api
    from stores s`

/** 39 more agents in four teams; they need no password. The one who measures sees three stores. */
const colleagues = `
  insert into auth_users (id, name, email) select bench_id(9, n), 'Agent ' || n, 'agent' || n || '@test.example' from generate_series(1, ${agents - 1}) n;
  insert into staff (id, name, email, role_id, languages)
    select id, name, email, (select id from roles where code = 'agent'), '{en,de}' from auth_users where email like 'agent%';
  update staff set store_ids = (select array_agg(store) from place where nr <= 3) where email = 'ada@test.example';
  insert into teams (id, name) select bench_id(8, n), 'Team ' || n from generate_series(1, 4) n;
  insert into team_members (team_id, staff_id)
    select bench_id(8, 1 + (row_number() over (order by id)) % 4), id from staff;
  create temp table colleague as select row_number() over (order by email) - 1 as nr, id from staff`

const customers = `
  insert into customers (id, name, language, zone, country, tags, name_needle, needle, bigrams, created_at, updated_at)
  select bench_id(1, n), name, language, zone, country, case when r4 < 0.1 then '{vip}'::text[] else '{}' end,
    ' ' || lower(name) || ' ',
    ' ' || lower(name) || E' \\n c' || n || ' ' || case when n % 2 = 0 then E'\\n c' || n || '@' || ${pick(syllables, 'r1')} || '.example ' else '' end,
    case when language in ('zh', 'ja') then array_to_tsvector(array(
      select distinct substr(name, at, long) from generate_series(1, length(name)) at, generate_series(1, 2) long where at + long <= length(name) + 1)) end,
    now() - interval '365 days' * (1 - n / $n.0), now() - interval '365 days' * (1 - n / $n.0)
  from (select n, r1, r2, r3, r4, case
      when kind < 0.7 then ${pick(firstNames, 'r1')} || ' ' || initcap(${pick(syllables, 'r2')} || ${pick(syllables, 'r3')} || ${pick(syllables, 'r4')})
      when kind < 0.9 then ${pick(chineseNames, 'r1')} || ${pick(chineseGiven, 'r2')} || ${pick(chineseGiven, 'r3')}
      else ${pick(japaneseFamilies, 'r1')} || ${pick(japaneseGiven, 'r2')} end as name,
      case when kind < 0.7 then 'en' when kind < 0.9 then 'zh' else 'ja' end as language,
      case when kind < 0.7 then 'Europe/Berlin' when kind < 0.9 then 'Asia/Shanghai' else 'Asia/Tokyo' end as zone,
      case when kind < 0.7 then 'DE' when kind < 0.9 then 'CN' else 'JP' end as country
    from (select n, random() as kind, random() as r1, random() as r2, random() as r3, random() as r4 from generate_series(1, $n) n offset 0) as drawn) as person`

const identities = `
  insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, verified_at, source, created_at)
  select bench_id(2, n), bench_id(1, n), bench_id(1, n), 'external', (select api::text from place where nr = 1), 'c' || n, true, 'c' || n, now(), 'api', now()
  from generate_series(1, $n) n`

const addresses = `
  insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, source, created_at)
  select bench_id(3, c.n), c.id, c.id, 'email', '', mail, false, mail, 'api', now()
  from (select id, substring(needle from '\\S+@\\S+') as mail, substring(needle from 'c(\\d+)@')::bigint as n
    from customers where needle like '%@%' offset 0) as c`

/** One in twenty is open, most of those new; a quarter of them nobody's; three in five wait for an answer. */
const opened = `
  insert into conversations (id, store_id, channel_id, channel_kind, customer_id, identity_id, category, assignee_id, team_id, priority, language, tags,
    last_seq, customer_count, preview_kind, preview_text, last_activity_at, waiting_since, queued_at, due_at, replied_at, opened_at, resolved_at)
  select bench_id(4, n), p.store, case when r1 < 0.7 then p.chat else p.api end, case when r1 < 0.7 then 'web_chat' else 'api' end,
    bench_id(1, who), bench_id(2, who),
    case when not is_open then case when r2 < 0.1 then 'closed' else 'resolved' end
      when r2 < 0.25 then 'new' when r2 < 0.75 then 'open' when r2 < 0.95 then 'waiting_customer' else 'scheduled' end,
    case when is_open and r3 < 0.25 then null else c.id end, case when r4 < 0.5 then bench_id(8, 1 + n % 4) end,
    (array['normal', 'normal', 'normal', 'low', 'high', 'urgent'])[1 + n % 6], 'en', (array['{}', '{refund}', '{shipping,vip}', '{size}'])[1 + n % 4]::text[],
    5, 3, 'customer', 'Where is my parcel? It should have been here on Monday and the tracking says nothing, no. ' || n,
    least(at + interval '3 days' * r2, now()), case when waits then least(at + interval '1 day' * r4, now()) end,
    case when waits then least(at + interval '1 day' * r4, now()) end,
    case when waits then now() + interval '4 hours' * (r4 - 0.3) else '9999-12-31' end, at + interval '1 minute', at,
    case when not is_open then least(at + interval '3 days' * r2, now()) end
  from (select n, r1, r2, r3, r4, 1 + (n::bigint * 7919) % $n as who, now() - interval '365 days' * (1 - n / $n.0) as at, is_open,
      is_open and r2 < 0.75 and r5 < 0.8 as waits, floor(r6 * ${agents})::int as agent
    from (select n, random() as r1, random() as r2, random() as r3, random() as r4, random() as r5, random() as r6,
      random() < case when n > 0.9 * $n then 0.4 else 0.011 end as is_open from generate_series(1, $n) n offset 0) as drawn) as drawn
  join place p on p.nr = 1 + n % 4 join colleague c on c.nr = agent
  order by n`

/**
 * Two sentences and an order's number, laid down in the order they were written; in one week of the past everybody
 * spoke of a sale.
 */
const written = `(select n, seq, bench_id(5, n * 5 + seq) as id, bench_id(4, n) as conversation,
    case when seq % 2 = 1 then 'customer' when (n + seq) % 25 = 0 then 'note' else 'reply' end as kind,
    case when seq % 2 = 1 then bench_id(1, 1 + (n::bigint * 7919) % $n) else c.id end as author,
    least(now(), now() - interval '365 days' * (1 - n / $n.0) + interval '1 hour' * seq) as at, p.store,
    a.text || ' ' || b.text || ' AF' || n * 5 + seq || case when n / $n.0 between 0.3 and 0.32 then ' flashsale' else '' end as text,
    a.words || b.words || ('''af' || n * 5 + seq || ''':1')::tsvector
      || case when n / $n.0 between 0.3 and 0.32 then '''flashsale'':1'::tsvector else '' end
      || ('''@' || right(p.store::text, 8) || '''')::tsvector as words
  from generate_series(1, $n) n cross join generate_series(1, 5) seq
    join sentence a on a.nr = (n::bigint * 5 + seq) * 48271 % ${sentences}
    join sentence b on b.nr = (n::bigint * 5 + seq) * 16807 / 31 % ${sentences}
    join colleague c on c.nr = (n + seq) % ${agents}
    join place p on p.nr = 1 + n % 4) as written`

const said = `
  insert into messages (id, conversation_id, seq, kind, author_kind, author_id, text, created_at)
  select id, conversation, seq, kind, case when kind = 'customer' then 'customer' else 'staff' end, author, text, at
  from ${written} order by at`

const indexed = `
  insert into message_search (message_id, conversation_id, store_id, kind, author_id, at, words)
  select id, conversation, store, kind, author, at, words from ${written} order by at`

const policy = `(select id from clock_policies where code = 'chat-first-response')`

const running = `
  insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, next_at, breached_at)
  select bench_id(6, number), id, store_id, 'next_response', ${policy}, waiting_since, 3600000, 'always', false, due_at, '{}', null,
    case when due_at < now() then due_at end
  from conversations where waiting_since is not null;
  insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, stopped_at, stop_reason)
  select bench_id(7, number), id, store_id, 'first_response', ${policy}, opened_at, 3600000, 'always', false, opened_at + interval '1 hour', '{}',
    replied_at, 'answered'
  from conversations where number % 2 = 0`

const reads = `
  insert into conversation_reads (conversation_id, staff_id, seq, customer_count)
  select id, assignee_id, 3, 2 from conversations where assignee_id is not null and category not in ('resolved', 'closed') and number % 2 = 0`

const happened = `
  insert into events (name, at, actor_kind, customer_id, conversation_id, payload)
  select name, opened_at, 'system', customer_id, id,
    jsonb_build_object('storeId', store_id, 'conversationId', id, 'identityId', identity_id, 'seq', 1, 'kind', 'customer')
  from (select * from conversations order by id) as c, (values ('conversation.opened'), ('message.added')) as names (name)`

const eager = `
  insert into events (name, at, actor_kind, customer_id, payload)
  select 'message.added', now() - interval '1 hour' * m, 'system', bench_id(1, n), jsonb_build_object('storeId', (select store from place where nr = 1), 'seq', m, 'kind', 'customer')
  from generate_series(1, 200) m, generate_series(1, ${eagerCustomers}) n`
