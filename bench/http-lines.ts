import net from 'node:net'

export type Answer = { status: number; body: string }
type Headers = Record<string, string>

const idleLimitMs = 5_000

/**
 * Keep-alive HTTP/1.1 without a library: the load generator shares two cores with what it measures, and fetch
 * alone costs more than the server's part of a webhook. Answers must carry a length, as ours do.
 */
export function openLines(url: string) {
  const { hostname, port, host } = new URL(url)
  const free: { line: Line; since: number }[] = []
  const all = new Set<Line>()

  async function send(method: string, path: string, headers: Headers = {}, body = ''): Promise<Answer> {
    const line = reuse() ?? (await open())
    try {
      const answer = await line.ask(compose(host, method, path, headers, body))
      free.push({ line, since: performance.now() })
      return answer
    } catch (error) {
      all.delete(line)
      throw error
    }
  }

  /** One that lay idle may be closed by the server at the very moment it is written to. */
  function reuse() {
    for (let rested = free.pop(); rested; rested = free.pop()) {
      if (performance.now() - rested.since < idleLimitMs) return rested.line
      rested.line.close()
      all.delete(rested.line)
    }
  }

  async function open() {
    const line = await openLine(Number(port), hostname)
    all.add(line)
    return line
  }

  return {
    send,
    close() {
      for (const line of all) line.close()
    },
  }
}

export type Lines = ReturnType<typeof openLines>
type Line = Awaited<ReturnType<typeof openLine>>

function compose(host: string, method: string, path: string, headers: Headers, body: string) {
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${given.join('')}${length}\r\n${body}`
}

async function openLine(port: number, host: string) {
  const socket = net.connect({ port, host, noDelay: true })
  await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail))
  let waiting: { done: (answer: Answer) => void; fail: (error: Error) => void } | null = null
  let received: Buffer = Buffer.alloc(0)
  socket.on('data', chunk => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (!answer) return
    received = Buffer.alloc(0)
    waiting?.done(answer)
    waiting = null
  })
  const lose = (error?: Error) => waiting?.fail(error ?? new Error('The server hung up.'))
  socket.on('error', lose)
  socket.on('close', () => lose())
  return {
    ask: (request: string) =>
      new Promise<Answer>((done, fail) => {
        waiting = { done, fail }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

function readAnswer(received: Buffer): Answer | null {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return null
  const head = received.subarray(0, end).toString('latin1')
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (received.length < end + 4 + length) return null
  return { status: Number(head.slice(9, 12)), body: received.subarray(end + 4).toString() }
}
