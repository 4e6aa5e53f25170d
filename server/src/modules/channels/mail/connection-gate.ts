export type Gate = ReturnType<typeof openGate>

/** Of one address at the same time; new ones and mails in a minute. Large forwarders come from many addresses. */
const mostAtOnce = 50
const mostConnections = 1_200
const mostMails = 12_000
const minute = 60_000

/** How much of the receiver one address may have. Counted here: it is for this process's own good. */
export function openGate(clock = () => performance.now()) {
  const present = new Map<string, string>()
  let counts = new Map<string, { connections: number; mails: number }>()
  let countedSince = clock()

  function countOf(address: string) {
    if (clock() - countedSince >= minute) {
      counts = new Map()
      countedSince = clock()
    }
    const count = counts.get(address) ?? { connections: 0, mails: 0 }
    counts.set(address, count)
    return count
  }

  return {
    /** Answers why a connection is not taken, or null where it is. */
    enter(id: string, address: string): Error | null {
      const atOnce = [...present.values()].filter(other => other === address).length
      const count = countOf(address)
      count.connections += 1
      if (atOnce >= mostAtOnce || count.connections > mostConnections) return tooMuch('connections')
      present.set(id, address)
      return null
    },
    leave(id: string) {
      present.delete(id)
    },
    spend(address: string) {
      const count = countOf(address)
      count.mails += 1
      if (count.mails > mostMails) throw tooMuch('mails')
    },
  }
}

const tooMuch = (what: string) =>
  Object.assign(new Error(`4.7.0 Too many ${what}; try again later`), {
    responseCode: what === 'mails' ? 451 : 421,
  })
