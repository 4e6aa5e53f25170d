import { randomFillSync } from 'node:crypto'
import { customType, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const random = Buffer.alloc(8 * 512)
let used = random.length
let lastMs = 0
let counter = 0

/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then a 12-bit counter that keeps the
 * order within one process and millisecond (method 1), then random bits. A clock that steps back does
 * not step the ids back.
 */
export function uuidv7(nowMs = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    counter = 0
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const variant = (0x80 | (random[used]! & 0x3f)).toString(16)
  const tail = random.toString('hex', used + 1, used + 8)
  used += 8
  const low = counter.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`
}

export const id = () =>
  uuid()
    .primaryKey()
    .$defaultFn(() => uuidv7())
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' })
export const createdAt = () => instant().notNull().defaultNow()
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  text({ enum: words as unknown as [T[number], ...T[number][]] })

export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
