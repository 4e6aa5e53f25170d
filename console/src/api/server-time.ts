let earliest = Number.NEGATIVE_INFINITY
let latest = Number.POSITIVE_INFINITY

/** Clocks count in the server's time; a desk whose clock is two minutes off must not see two minutes. */
export const serverNow = () => Date.now() + offset()

/**
 * The Date header is cut to the second, so each answer says only that our offset lies within a range of a
 * second and a round trip. Ranges of several answers overlap in a few hundredths of a second.
 */
export function learnServerTime(date: string | null, askedAt: number, answeredAt: number) {
  const told = date ? Date.parse(date) : Number.NaN
  if (Number.isNaN(told)) return
  const [from, to] = [told - answeredAt, told + 999 - askedAt]
  const disjoint = from > latest || to < earliest
  earliest = disjoint ? from : Math.max(earliest, from)
  latest = disjoint ? to : Math.min(latest, to)
}

const offset = () => (Number.isFinite(earliest) && Number.isFinite(latest) ? (earliest + latest) / 2 : 0)

export function forgetServerTime() {
  earliest = Number.NEGATIVE_INFINITY
  latest = Number.POSITIVE_INFINITY
}
