/**
 * Milliseconds of processor time that `run` takes at its quickest. A busy machine makes everything slower, but
 * nothing dearer, so what grows with its input can be told from what had to wait.
 */
export function cpuTime(run: () => unknown, { times = 3 } = {}): number {
  const taken = Array.from({ length: times }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...taken)
}
