import { tooMany } from '../../platform/errors.ts'
import { type RateLimit, returnToken, takeToken } from '../../platform/rate-limits.ts'
import type { Workplace } from '../../platform/work.ts'

export type Bucket = RateLimit & { key: string }

/**
 * Counts a try in each bucket before it is made, so that a thousand at once are no more than their limit.
 * What is answered takes the tries back: only those that failed are to count.
 */
export async function spendTry(place: Workplace, buckets: readonly Bucket[]) {
  const now = place.clock.now()
  for (const [i, bucket] of buckets.entries()) {
    const { allowed, retryAfterSeconds } = await takeToken(place.pool, bucket.key, bucket, now)
    if (allowed) continue
    await giveBack(place, buckets.slice(0, i))
    throw tooMany(retryAfterSeconds)
  }
  return () => giveBack(place, buckets)
}

async function giveBack({ pool }: Workplace, buckets: readonly Bucket[]) {
  for (const { key, ...limit } of buckets) await returnToken(pool, key, limit)
}
