import dns from 'node:dns/promises'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import {
  type AllowRule,
  type Destination,
  isUsualMailPort,
  OutboundError,
  openGuard,
  type ResolvedAddress,
  readDestination,
} from './outbound-guard.ts'

export { OutboundError }

export type OutboundRequest = {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** For the whole exchange, from the look-up to the last byte; 10 s unless told. */
  timeoutMs?: number
  /** Of the answer's body; 10 MB unless told. */
  maxBytes?: number
}

export type OutboundAnswer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer }

/** Gives the checked addresses whatever name is asked for, in the shape that `net.connect` takes. */
export type PinnedLookup = NonNullable<net.TcpSocketConnectOpts['lookup']>

export type Outbound = {
  request(request: OutboundRequest): Promise<OutboundAnswer>
  /** A connection to a mail server, not encrypted yet. Its ports are open here, and only here. */
  connect(host: string, port: number, options?: { timeoutMs?: number }): Promise<net.Socket>
  /** The same checks for a library that insists on opening the connection to a mail server by itself. */
  pin(host: string, port: number, options?: { timeoutMs?: number }): Promise<PinnedLookup>
}

export type OutboundOptions = {
  /** What the operator opens although it is private, or on a port that is closed otherwise. */
  allow?: readonly AllowRule[]
  /** Called when a rule of the operator's first lets a request through. */
  onAllowed?: (rule: AllowRule) => void
  /** The only certificate authority to trust, as PEM; absent, those of Node and NODE_EXTRA_CA_CERTS. */
  ca?: string
  lookup?: (host: string) => Promise<readonly ResolvedAddress[]>
  connect?: (addresses: readonly ResolvedAddress[], port: number) => net.Socket
}

/**
 * The one door through which the server fetches anything. The name is looked up once, every address it has
 * is checked, and the connection goes to these addresses, so what the name server says a second time changes
 * nothing. Redirects are answers like others; proxies named in the environment are not used. Throws an
 * `OutboundError` whose `outcome` says whether the request may be sent again.
 */
export function createOutbound({
  allow = [],
  onAllowed,
  ca,
  lookup = lookUp,
  connect = connectTo,
}: OutboundOptions = {}): Outbound {
  const guard = openGuard(allow, onAllowed)

  async function resolve(
    host: string,
    port: number,
    signal: AbortSignal,
    isUsual?: (port: number) => boolean,
  ) {
    const family = net.isIP(host)
    const addresses = family ? [{ address: host, family }] : await unlessAborted(lookup(host), signal)
    guard.permit(addresses, port, isUsual)
    if (addresses.length === 0) throw new Error('The name has no address.')
    return addresses
  }

  async function open({ host, port, isEncrypted }: Destination, signal: AbortSignal) {
    try {
      const socket = connect(await resolve(host, port, signal), port)
      await unlessAborted(ready(socket, 'connect'), signal, socket)
      return isEncrypted ? await encrypt(socket, host, ca, signal) : socket
    } catch (cause) {
      if (cause instanceof OutboundError) throw cause
      throw new OutboundError('not_sent', 'unreachable', 'This address could not be reached.', cause)
    }
  }

  /** As `open` does it, for a mail server. */
  async function reach<T>(
    host: string,
    port: number,
    timeoutMs: number,
    use: (addresses: readonly ResolvedAddress[], signal: AbortSignal) => T | Promise<T>,
  ) {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      return await use(await resolve(host, port, signal, isUsualMailPort), signal)
    } catch (cause) {
      if (cause instanceof OutboundError) throw cause
      throw new OutboundError('not_sent', 'unreachable', 'This address could not be reached.', cause)
    }
  }

  return {
    connect: (host, port, { timeoutMs = 10_000 } = {}) =>
      reach(host, port, timeoutMs, async (addresses, signal) => {
        const socket = connect(addresses, port)
        await unlessAborted(ready(socket, 'connect'), signal, socket)
        return socket
      }),
    pin: (host, port, { timeoutMs = 10_000 } = {}) =>
      reach(host, port, timeoutMs, addresses => pinned(addresses)),
    async request(request) {
      const destination = readDestination(request.url)
      const headers = readHeaders(request, destination)
      const deadline = new AbortController()
      const timer = setTimeout(
        () => deadline.abort(new Error('The time was up.')),
        request.timeoutMs ?? 10_000,
      )
      try {
        const socket = await open(destination, deadline.signal)
        return await exchange(socket, destination, request, headers, deadline.signal)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** From here on the other side may have the request, so every failure is uncertain. */
function exchange(
  socket: net.Socket,
  { path }: Destination,
  { method, body, maxBytes = 10_000_000 }: OutboundRequest,
  headers: Record<string, string | number>,
  signal: AbortSignal,
) {
  let status: number | undefined
  const broken = (cause: unknown) =>
    new OutboundError('uncertain', 'no_answer', 'No complete answer came back.', cause, status)
  const tooLarge = () =>
    new OutboundError(
      'uncertain',
      'answer_too_large',
      'The answer is larger than allowed.',
      undefined,
      status,
    )

  const answered = new Promise<OutboundAnswer>((resolve, reject) => {
    // Without an agent there is neither a pool of connections nor a proxy of the environment.
    const sent = http.request({ method, path, headers, setHost: false, createConnection: () => socket })
    sent.on('error', reject)
    // Once an answer has begun, only its own events tell whether it came whole.
    sent.on('close', () => status ?? reject(new Error('The connection was closed.')))
    sent.on('response', response => {
      status = response.statusCode
      const chunks: Buffer[] = []
      let size = 0
      response.on('error', reject)
      response.on('close', () => reject(new Error('The answer broke off.')))
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) reject(tooLarge())
        else chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({ status: status ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    sent.end(body)
  })
  return unlessAborted(answered, signal)
    .catch(cause => {
      throw cause instanceof OutboundError ? cause : broken(cause)
    })
    .finally(() => socket.destroy())
}

const ourHeaders =
  /^(host|connection|content-length|transfer-encoding|upgrade|expect|te|trailer|keep-alive|proxy-.*)$/i

function readHeaders({ method, headers = {}, body }: OutboundRequest, { hostHeader }: Destination) {
  const chosen: Record<string, string | number> = { 'user-agent': 'Afar', accept: '*/*' }
  for (const [name, value] of Object.entries(headers)) {
    try {
      http.validateHeaderName(name)
      http.validateHeaderValue(name, value)
    } catch (cause) {
      throw new OutboundError(
        'refused',
        'bad_header',
        `The header ${JSON.stringify(name)} cannot be sent.`,
        cause,
      )
    }
    if (!ourHeaders.test(name)) chosen[name.toLowerCase()] = value
  }
  const ours: Record<string, string | number> = {
    host: hostHeader,
    connection: 'close',
    'accept-encoding': 'identity',
  }
  const isBare = body === undefined && (method === 'GET' || method === 'HEAD')
  if (!isBare) ours['content-length'] = Buffer.byteLength(body ?? '')
  return { ...chosen, ...ours }
}

const lookUp = (host: string) => dns.lookup(host, { all: true })

/** Tries the checked addresses in turn; the name given here is never resolved. */
const connectTo = (addresses: readonly ResolvedAddress[], port: number) =>
  net.connect({
    host: 'checked.invalid',
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1_000,
    lookup: pinned(addresses),
  })

const pinned =
  (addresses: readonly ResolvedAddress[]): PinnedLookup =>
  (_host, { all }, done) =>
    all ? done(null, [...addresses]) : done(null, addresses[0]!.address, addresses[0]!.family)

async function encrypt(socket: net.Socket, host: string, ca: string | undefined, signal: AbortSignal) {
  const name = host.replace(/\.$/, '')
  const encrypted = tls.connect({
    socket,
    host: name,
    ca,
    servername: net.isIP(name) ? undefined : name,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
  })
  await unlessAborted(ready(encrypted, 'secureConnect'), signal, encrypted)
  return encrypted
}

const ready = (socket: net.Socket, event: 'connect' | 'secureConnect') =>
  new Promise<void>((resolve, reject) => {
    socket.once(event, resolve)
    // Stays for good: an error that comes when nobody waits any more must not end the process.
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('The connection was closed.')))
  })

/** Waits for `work` until the deadline; when it does not come out well, the socket goes too. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, socket?: net.Socket) {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } catch (error) {
    socket?.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
