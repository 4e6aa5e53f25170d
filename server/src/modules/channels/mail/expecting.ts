import type pg from 'pg'
import type { Workplace } from '../../../platform/work.ts'

const readers = new WeakMap<pg.Pool, () => void>()

/** Whoever reads mails learns that some are coming while they are still being fetched. */
export const whenMailComes = ({ pool }: Workplace, act: () => void) => void readers.set(pool, act)

export const tellMailComes = ({ pool }: Workplace) => readers.get(pool)?.()
