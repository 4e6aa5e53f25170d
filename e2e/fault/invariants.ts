import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findEmbeddedConnection } from '../../server/src/platform/embedded-postgres.ts'
import { client } from '../house.ts'
import type { Intent } from './driver.ts'

type Stored = { conversation_id: string; seq: number; text: string }

/**
 * Everything that must hold after a fault, each breach in a sentence; an empty list is a clean bill. A sweep may
 * write while we look; what is really left behind is so a little later too.
 */
export async function checkInvariants(
  url: string,
  dataDir: string,
  book: readonly Intent[],
  tokens: ReadonlyMap<string, string>,
): Promise<string[]> {
  for (let looks = 1; ; looks++) {
    const breaches = await findBreaches(url, dataDir, book, tokens)
    if (breaches.length === 0 || looks === 6) return breaches
    await sleep(1_000)
  }
}

async function findBreaches(
  url: string,
  dataDir: string,
  book: readonly Intent[],
  tokens: ReadonlyMap<string, string>,
): Promise<string[]> {
  const db = new pg.Client(findEmbeddedConnection(dataDir))
  await db.connect()
  try {
    const { rows } = await db.query<Stored>(
      'select conversation_id, seq, text from messages order by conversation_id, seq',
    )
    return [
      ...storedOnce(rows, book),
      ...withoutGaps(rows),
      ...inOrderOfSending(rows, book),
      ...(await everyVisitorConverges(url, rows, tokens)),
      ...(await nothingLeftOver(db)),
    ]
  } finally {
    await db.end()
  }
}

function storedOnce(rows: readonly Stored[], book: readonly Intent[]) {
  const count = new Map<string, number>()
  for (const { text } of rows) count.set(text, (count.get(text) ?? 0) + 1)
  const known = new Set(book.map(({ nonce }) => nonce))
  return [
    ...book
      .filter(({ acked, nonce }) => acked && !count.has(nonce))
      .map(({ nonce }) => `${nonce} was acknowledged and is lost`),
    ...[...count]
      .filter(([, times]) => times > 1)
      .map(([nonce, times]) => `${nonce} is there ${times} times`),
    ...[...count.keys()]
      .filter(text => text.includes(':') && !known.has(text))
      .map(text => `${text} was never sent`),
  ]
}

function withoutGaps(rows: readonly Stored[]) {
  return [...Map.groupBy(rows, row => row.conversation_id)]
    .filter(([, lines]) => lines.some(({ seq }, n) => seq !== n + 1))
    .map(([id, lines]) => `conversation ${id} has the numbers ${lines.map(({ seq }) => seq)}`)
}

function inOrderOfSending(rows: readonly Stored[], book: readonly Intent[]) {
  const sent = Map.groupBy(book, ({ sender }) => sender)
  const stored = Map.groupBy(rows, ({ text }) => text.split(':')[0]!)
  return [...sent]
    .filter(([sender, intents]) => {
      const wanted = intents.filter(({ acked }) => acked).map(({ nonce }) => nonce)
      const got = (stored.get(sender) ?? []).map(({ text }) => text)
      return wanted.join() !== got.filter(nonce => wanted.includes(nonce)).join()
    })
    .map(([sender]) => `${sender}'s lines are not in the order he wrote them`)
}

async function everyVisitorConverges(
  url: string,
  rows: readonly Stored[],
  tokens: ReadonlyMap<string, string>,
) {
  const bad: string[] = []
  for (const [name, token] of tokens) {
    const read: string[] = []
    for (let after = 0; ; ) {
      const { items } = await client(url, { authorization: `Bearer ${token}` })<{
        items: { seq: number; text: string }[]
      }>('GET', `/widget/messages?afterSeq=${after}&limit=200`)
      if (items.length === 0) break
      read.push(...items.map(({ text }) => text))
      after = items.at(-1)!.seq
    }
    const stored = rows.filter(({ text }) => text.startsWith(`${name}:`)).map(({ text }) => text)
    if (read.join() !== stored.join())
      bad.push(`${name} reads ${read.length} lines, ${stored.length} are stored`)
  }
  return bad
}

async function nothingLeftOver(db: pg.Client) {
  const { rows } = await db.query(`select
    (select count(*)::int from inbound where state = 'received') as unprocessed,
    (select count(*)::int from inbound where state = 'parked') as parked,
    (select count(*)::int from reaction_failures) as failures,
    (select coalesce(max(id), 0) from events) - (select coalesce(max(position), 0) from reaction_cursors where name = 'all') as behind,
    (select count(*)::int from conversations c where c.last_seq <> (select coalesce(max(seq), 0) from messages where conversation_id = c.id)) as miscounted,
    (select count(*)::int from inbound i where i.state = 'done' and not exists (select 1 from messages m where m.id = i.message_id)) as pointless`)
  return Object.entries(rows[0])
    .filter(([, n]) => Number(n) !== 0)
    .map(([what, n]) => `${n} ${what}`)
}
