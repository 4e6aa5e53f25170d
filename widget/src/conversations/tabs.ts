/**
 * Two tabs of one visitor take turns where the browser has locks. A tab frozen while holding one must not
 * silence the others, so the wait is bounded; what is done without a turn is idempotent on the server.
 */
export async function takeTurn<T>(name: string, run: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks as LockManager | undefined
  if (!locks) return run()
  let started = false
  const once = () => {
    started = true
    return run()
  }
  try {
    return (await locks.request(name, { signal: AbortSignal.timeout(20_000) }, once)) as T
  } catch (error) {
    if (started) throw error
    return run()
  }
}

/** `randomUUID` exists only on https pages; a shop may not be one. */
export function newClientId(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID()
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
