import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestApp } from './app.ts'

/** One thing that somebody tried, and what he was told; `status` null where he hung up before he heard. */
export type Act = {
  by: string
  on: string
  kind: string
  sent: Record<string, unknown>
  status: number | null
  body: Record<string, unknown> | null
}

type Actor = { id: string; headers: Record<string, string>; isRobot: boolean }

/** Numbers that come again from the same seed. */
export function randomFrom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, one: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]! }
}

/** Lets everybody act at once, at random, on the same few conversations, over real connections that may break. */
export async function actAtRandom(
  app: TestApp,
  { actors, ids, rounds, seed }: { actors: Actor[]; ids: string[]; rounds: number; seed: number },
): Promise<Act[]> {
  await app.listen(0, '127.0.0.1')
  const base = `http://127.0.0.1:${(app.http.server.address() as AddressInfo).port}/api`
  const acts: Act[] = []
  const people = actors.filter(({ isRobot }) => !isRobot).map(({ id }) => id)
  await Promise.all(
    actors.map(async (actor, n) => {
      const random = randomFrom(seed + n)
      for (let round = 0; round < rounds; round++) {
        const on = random.one(ids)
        const seen = await fetch(`${base}/conversations/${on}`, { headers: actor.headers })
        const row = (await seen.json()) as Row
        // What he acts on may be out of date by the time he does.
        await sleep(random.next() * 12)
        const act = choose(actor, row, { random, ids, people })
        const isCut = random.next() < 0.08
        acts.push({
          by: actor.id,
          on,
          ...act,
          ...(await send(base, actor, act, isCut ? random.next() * 15 : null)),
        })
      }
    }),
  )
  return acts
}

type Row = {
  id: string
  version: number
  lastSeq: number
  assignee: { id: string } | null
  status: { category: string }
}
type Try = Pick<Act, 'kind' | 'sent'> & { method: string; url: string }

function choose(
  { isRobot }: Actor,
  row: Row,
  { random, ids, people }: { random: ReturnType<typeof randomFrom>; ids: string[]; people: string[] },
): Try {
  const at = (path: string) => `/conversations/${row.id}/${path}`
  const expectedVersion = row.version
  const assign = (): Try => ({
    ...{ kind: 'assign', method: 'PUT', url: at('assignee') },
    sent: { staffId: random.one(people), expected: row.assignee?.id ?? null },
  })
  const status = (): Try => ({
    ...{ kind: 'status', method: 'PUT', url: at('status') },
    sent: { category: random.one(['open', 'resolved', 'waiting_customer']), expectedVersion },
  })
  const said = () => ({ clientId: randomUUID(), text: 'Word' })
  const tag = () => ({ code: 'add_tags', params: { tags: [randomUUID()] } })
  if (isRobot) return random.one([assign, status])()
  return random.one<() => Try>([
    assign,
    assign,
    status,
    () => ({
      ...{ kind: 'reply', method: 'POST', url: at('replies') },
      sent: { ...said(), lastSeenSeq: row.lastSeq },
    }),
    () => ({ kind: 'note', method: 'POST', url: at('notes'), sent: said() }),
    () => ({
      ...{ kind: 'snooze', method: 'PUT', url: at('snooze') },
      sent: { until: '2026-01-06T09:00:00Z', expectedVersion },
    }),
    () => ({ kind: 'tag', method: 'POST', url: at('actions'), sent: { actions: [tag()] } }),
    () => ({
      ...{ kind: 'merge', method: 'PUT', url: at('merge') },
      sent: { intoId: random.one(ids.filter(id => id !== row.id)) },
    }),
    () => ({ kind: 'unmerge', method: 'DELETE', url: at('merge'), sent: {} }),
    () => ({
      ...{ kind: 'bulk', method: 'POST', url: '/bulk-jobs' },
      sent: { actions: [tag()], conversationIds: ids },
    }),
  ])()
}

async function send(base: string, { headers }: Actor, { method, url, sent }: Try, cutAfterMs: number | null) {
  const withBody = method === 'DELETE' ? {} : { body: JSON.stringify(sent) }
  const type = method === 'DELETE' ? {} : { 'content-type': 'application/json' }
  try {
    const response = await fetch(base + url, {
      ...{ method, headers: { ...headers, ...type }, ...withBody },
      ...(cutAfterMs !== null && { signal: AbortSignal.timeout(Math.ceil(cutAfterMs)) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  } catch {
    return { status: null, body: null }
  }
}

/** What in the rows cannot have come from the acts that were acknowledged, in any order; empty where all is well. */
export async function checkHistory(app: TestApp, ids: string[], acts: readonly Act[]): Promise<string[]> {
  const select = async <T>(text: string) => (await app.place.pool.query(text, [ids])).rows as T[]
  const wrong: string[] = []
  const holds = (claim: boolean, what: string) => {
    if (!claim) wrong.push(what)
  }
  const done = ({ status }: Act) => status !== null && status < 300
  for (const act of acts.filter(({ status }) => status !== null && status >= 500))
    wrong.push(`${act.kind} on ${act.on} was answered ${act.status}`)

  const rows = await select<Standing>(
    'select *, (select min(due_at) from clocks where subject_id = c.id and stopped_at is null) as nearest, (select count(*)::int from clocks where subject_id = c.id and stopped_at is null) as running from conversations c where id = any($1)',
  )
  const messages = await select<{
    conversation_id: string
    seq: number
    client_id: string | null
    kind: string
  }>(
    'select conversation_id, seq, client_id, kind from messages where conversation_id = any($1) order by seq',
  )
  const events = await select<{ conversation_id: string; name: string; payload: { seq?: number } }>(
    'select conversation_id, name, payload from events where conversation_id = any($1) order by id',
  )
  const gifts = await select<{
    conversation_id: string
    staff_id: string | null
    from_id: string | null
    by_id: string
  }>(
    'select conversation_id, staff_id, from_id, by_id from assignments where conversation_id = any($1) order by id',
  )
  const noted = await select<{ object: string; action: string; n: number }>(
    "select object, action, count(*)::int as n from audit_entries where object = any(select 'conversation:' || id from unnest($1::uuid[]) as id) group by 1, 2",
  )
  const merges = await select<{ from_id: string; into_id: string }>(
    'select from_id, into_id from conversation_merges where from_id = any($1) and undone_at is null',
  )

  for (const act of acts.filter(({ kind }) => kind === 'reply' || kind === 'note')) {
    const times = messages.filter(({ client_id }) => client_id === act.sent.clientId).length
    const may = done(act) ? [1] : act.status === null ? [0, 1] : [0]
    holds(may.includes(times), `a ${act.kind} answered ${act.status} is there ${times} times`)
  }
  for (const act of acts.filter(({ kind }) => kind === 'tag' || kind === 'bulk')) {
    const [tag] = (act.sent.actions as { params: { tags: string[] } }[])[0]!.params.tags
    const on = act.kind === 'tag' ? [act.on] : ids
    for (const row of rows.filter(({ id }) => on.includes(id))) {
      const times = row.tags.filter(one => one === tag).length
      const may = done(act) ? [1] : act.status === null ? [0, 1] : [0]
      holds(may.includes(times), `a tag of a ${act.kind} answered ${act.status} is there ${times} times`)
    }
  }

  for (const row of rows) {
    const { id } = row
    const of = <T extends { conversation_id: string }>(all: T[]) =>
      all.filter(one => one.conversation_id === id)
    const seqs = of(messages).map(({ seq }) => seq)
    holds(
      seqs.every((seq, n) => seq === n + 1) && seqs.length === row.last_seq,
      `seq of ${id} has gaps or ends elsewhere than at ${row.last_seq}: ${seqs}`,
    )
    const told = of(events).flatMap(({ name, payload }) => (name === 'message.added' ? payload.seq! : []))
    holds(String(told) === String(seqs), `messages of ${id} were told as ${told}`)

    // Each gift takes from whom the one before gave to: no order but this one, and it ends in what the row says.
    let holder: string | null = null
    for (const gift of of(gifts)) {
      holds(gift.from_id === holder, `${id} was taken from ${gift.from_id} while ${holder} held it`)
      holder = gift.staff_id
    }
    holds(holder === row.assignee_id, `${id} is with ${row.assignee_id}, its history ends with ${holder}`)
    const ofAudit = (action: string) =>
      noted.find(one => one.object === `conversation:${id}` && one.action === action)?.n ?? 0
    const assigned = of(events).filter(({ name }) => name === 'conversation.assigned').length
    holds(assigned === of(gifts).length, `${id} has ${of(gifts).length} gifts and ${assigned} events of them`)
    const replies = of(messages).filter(({ kind }) => kind === 'reply').length
    holds(ofAudit('message.replied') === replies, `${id} has other replies than its audit`)

    const ended = row.category === 'resolved' || row.category === 'closed'
    if (ended) holds(row.running === 0 && row.waiting_since === null, `${id} has ended and still waits`)
    else
      holds(
        (row.nearest ?? never).getTime() === row.due_at.getTime(),
        `${id} is due at ${row.due_at.toISOString()}, its clock at ${row.nearest?.toISOString()}`,
      )
    holds((row.category === 'scheduled') === (row.snoozed_until !== null), `${id} is half snoozed`)
    const merge = merges.find(({ from_id }) => from_id === id)
    holds((merge?.into_id ?? null) === row.merged_into_id, `${id} points to ${row.merged_into_id}`)
    if (merge) {
      holds(row.category === 'closed', `${id} is merged and ${row.category}`)
      holds(!merges.some(({ from_id }) => from_id === merge.into_id), `${id} is merged into a merged one`)
    }
  }

  for (const [on, ofOne] of Map.groupBy(acts.filter(done), ({ on }) => on)) {
    // What was done on the strength of a version was done once on each.
    const versions = ofOne.flatMap(({ sent }) => (sent.expectedVersion as number | undefined) ?? [])
    holds(
      new Set(versions).size === versions.length,
      `two acts on ${on} went by one version: ${versions.sort()}`,
    )
    const takings = gifts.filter(({ conversation_id }) => conversation_id === on)
    for (const { sent, by } of ofOne.filter(({ kind }) => kind === 'assign'))
      holds(
        takings.some(
          gift => gift.by_id === by && gift.staff_id === sent.staffId && gift.from_id === sent.expected,
        ),
        `${on} was given to ${sent.staffId} over the head of whom he did not see`,
      )
  }
  return wrong
}

const never = new Date('9999-12-31T00:00:00Z')

type Standing = {
  id: string
  last_seq: number
  category: string
  tags: string[]
  assignee_id: string | null
  waiting_since: Date | null
  snoozed_until: Date | null
  merged_into_id: string | null
  due_at: Date
  nearest: Date | null
  running: number
}
