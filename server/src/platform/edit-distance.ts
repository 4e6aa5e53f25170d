/** So much at most is compared sign by sign: the cost grows with the product of both lengths. */
const most = 2_000

/**
 * How many signs were put in, taken out or replaced (Levenshtein). What both have in common at either end costs
 * nothing; of very different long texts it is the most that it can be.
 */
export function editDistance(from: string, to: string): number {
  let start = 0
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1
  let ends = 0
  const shortest = Math.min(from.length, to.length) - start
  while (ends < shortest && from[from.length - 1 - ends] === to[to.length - 1 - ends]) ends += 1
  const a = from.slice(start, from.length - ends)
  const b = to.slice(start, to.length - ends)
  if (a.length === 0 || b.length === 0 || Math.max(a.length, b.length) > most)
    return Math.max(a.length, b.length)

  let before = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let row = 1; row <= a.length; row++) {
    const now = [row]
    for (let column = 1; column <= b.length; column++)
      now[column] = Math.min(
        before[column]! + 1,
        now[column - 1]! + 1,
        before[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1),
      )
    before = now
  }
  return before[b.length]!
}
