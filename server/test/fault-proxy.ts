import net from 'node:net'

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>

/**
 * What the proxy does to a connection. `cutAt` is asked with each line the client sends and each the server
 * sends, and cuts both sides when it says so; with `cutAfterBytes` after so many bytes from the server.
 */
export type Faults = {
  latencyMs?: number
  cutAfterBytes?: number
  cutAt?: (line: string, from: 'client' | 'server') => 'before' | 'after' | undefined | false
  /** Nobody is told anything any more, and nothing is closed: what a lost route looks like. */
  isSilent?: boolean
  refuses?: boolean
}

/** Stands between Afar and a server, and does what networks do. `faults` may be changed at any time. */
export async function startFaultProxy(target: { host?: string; port: number }, faults: Faults = {}) {
  const open = new Set<net.Socket>()
  let connections = 0

  const server = net.createServer(client => {
    connections += 1
    if (proxy.faults.refuses) return client.destroy()
    const upstream = net.connect(target.port, target.host ?? '127.0.0.1')
    const cut = () => {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', () => open.delete(socket))
    }
    let fromServer = 0
    pass(client, upstream, 'client', cut, () => true)
    pass(upstream, client, 'server', cut, bytes => {
      fromServer += bytes
      return fromServer < (proxy.faults.cutAfterBytes ?? Number.POSITIVE_INFINITY)
    })
  })

  function pass(
    from: net.Socket,
    to: net.Socket,
    who: 'client' | 'server',
    cut: () => void,
    mayPass: (bytes: number) => boolean,
  ) {
    let last: Promise<unknown> = Promise.resolve()
    from.on('data', chunk => {
      last = last.then(() => hand(chunk)).catch(cut)
    })
    from.on('end', () => {
      last = last.then(() => !proxy.faults.isSilent && to.end())
    })

    async function hand(chunk: Buffer) {
      const { latencyMs, isSilent, cutAt } = proxy.faults
      if (latencyMs) await new Promise(done => setTimeout(done, latencyMs))
      if (isSilent) return
      for (const line of cutAt ? linesOf(chunk) : []) {
        const when = cutAt?.(line.toString('latin1').trimEnd(), who)
        if (when === 'before') return cut()
        if (to.writable) await new Promise(done => to.write(line, done))
        // Time enough for the other side to act on it, so that only the answer is lost.
        if (when === 'after') return void setTimeout(cut, 20)
      }
      if (!cutAt && to.writable) to.write(chunk)
      if (!mayPass(chunk.length)) cut()
    }
  }

  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))

  const proxy = {
    faults,
    port: (server.address() as net.AddressInfo).port,
    get connections() {
      return connections
    },
    get openConnections() {
      return open.size / 2
    },
    /** Ends what is open now, as a restarted router does. */
    cutAll() {
      for (const socket of open) socket.resetAndDestroy()
    },
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
  return proxy
}

function linesOf(chunk: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < chunk.length; ) {
    const end = chunk.indexOf(10, start)
    const next = end === -1 ? chunk.length : end + 1
    lines.push(chunk.subarray(start, next))
    start = next
  }
  return lines
}
