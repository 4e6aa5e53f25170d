import { randomUUID } from 'node:crypto'
import type { TestApp } from '../../../test/app.ts'
import type { SearchResults } from './schemas.ts'

/** Waits until everything that events tell of is in the index. */
export async function indexed(app: TestApp) {
  await app.settled()
  for (let round = 0; round < 400; round++) {
    const { rows } = await app.place.pool.query(
      'select (select coalesce(max(id), 0) from events) <= (select event_id from search_progress) as reached',
    )
    if (rows[0].reached) return
    app.place.wake()
    await new Promise(done => setTimeout(done, 20))
  }
  throw new Error('The search index did not catch up within eight seconds.')
}

type Person = Awaited<ReturnType<TestApp['as']>>

export type Asked = { status: number; body: SearchResults & { error: { code: string; details: unknown } } }

export const ask = (who: Pick<Person, 'get'>, q: string, more: Record<string, string> = {}) =>
  who.get(`/search?${new URLSearchParams({ q, ...more })}`) as Promise<Asked>

/** The texts of all hits of a search, as they are shown. */
export async function foundBy(who: Pick<Person, 'get'>, q: string, more: Record<string, string> = {}) {
  const { status, body } = await ask(who, q, { limit: '100', ...more })
  if (status !== 200) throw new Error(`${q} was answered ${status} ${JSON.stringify(body)}`)
  return body.items.flatMap(({ hits }) => hits.map(({ snippet }) => snippet))
}

/** A word that no other test uses. */
export const rareWord = () => `w${randomUUID().replaceAll('-', '').slice(0, 12)}`
