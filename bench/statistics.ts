export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Repeatable randomness (mulberry32), so that two runs send the same. */
export function dice(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Moments in ms of a Poisson process, drawn beforehand so that a slow server cannot thin them out. */
export function arrivals(perSecond: number, seconds: number, random: () => number): number[] {
  const moments: number[] = []
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / perSecond) * 1_000
    if (at >= seconds * 1_000) return moments
    moments.push(at)
  }
}

/** Runs `work` over and over in `lines` lines for so many ms; answers what each run took. */
export async function timed(lines: number, forMs: number, work: (n: number) => Promise<unknown>) {
  const took: number[] = []
  const began = performance.now()
  let n = 0
  await Promise.all(
    Array.from({ length: lines }, async () => {
      while (performance.now() - began < forMs) {
        const at = performance.now()
        await work(n++)
        took.push(performance.now() - at)
      }
    }),
  )
  return { took, perSecond: took.length / ((performance.now() - began) / 1_000) }
}
