import type { Workplace } from './work.ts'

/** A column of sealed values; `key` is the column that names the row they are bound to. */
export type SealedColumn = { table: string; key: string; column: string }

type Place = Pick<Workplace, 'secrets'> & { pool: Pick<Workplace['pool'], 'query'> }

/**
 * After a change of the master key: seals under the new one what stands under an earlier one, each value by
 * itself. May be repeated and run by several at once; what somebody replaced meanwhile stands. A value whose key
 * is not here is left as it is, for the doctor to tell.
 */
export async function sealAnew(place: Place, columns: readonly SealedColumn[]): Promise<void> {
  const { pool, secrets } = place
  if (!secrets.hasEarlierKeys) return
  for (const where of columns)
    for (const { row, sealed } of await readStale(place, where)) {
      const bound = { table: where.table, row, column: where.column }
      const text = openOrNull(secrets, sealed, bound)
      if (text === null) continue
      await pool.query(
        `update "${where.table}" set "${where.column}" = $1 where "${where.key}" = $2 and "${where.column}" = $3`,
        [secrets.seal(text, bound), row, sealed],
      )
    }
}

/** How many values stand under an earlier key, and how many of these nobody can open with the keys given. */
export async function countStale(place: Place, columns: readonly SealedColumn[]) {
  let stale = 0
  let lost = 0
  for (const { table, key, column } of columns)
    for (const { row, sealed } of await readStale(place, { table, key, column })) {
      stale += 1
      if (openOrNull(place.secrets, sealed, { table, row, column }) === null) lost += 1
    }
  return { stale, lost }
}

async function readStale({ pool, secrets }: Place, { table, key, column }: SealedColumn) {
  const { rows } = await pool.query<{ row: string; sealed: string }>(
    `select "${key}"::text as row, "${column}" as sealed from "${table}" where "${column}" is not null`,
  )
  return rows.filter(({ sealed }) => secrets.needsRotation(sealed))
}

function openOrNull(
  secrets: Workplace['secrets'],
  ...[sealed, place]: Parameters<Workplace['secrets']['open']>
) {
  try {
    return secrets.open(sealed, place)
  } catch {
    return null
  }
}
