import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isSigned } from './signature.ts'

/**
 * What the other side does with one call instead of taking it and answering 200. `takes` says whether it took the
 * message before it went wrong, as receivers do that fall over while answering.
 */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string; takes?: boolean }
  | { kind: 'cut'; takes: boolean }
  | { kind: 'hang'; takes: boolean }
  | { kind: 'delay'; ms: number }

export type Call = {
  deliveryId: string
  body: Record<string, unknown>
  raw: string
  headers: FastifyRequest['headers']
}

/**
 * The other side of an API channel, as its documentation asks of it: it believes only what is signed with one of
 * its secrets, and takes a delivery id once. Faults are used up one per genuine call, in order.
 */
export async function startApiReceiver({ secrets, now }: { secrets: string[]; now: () => Date }) {
  const calls: Call[] = []
  const taken: Call[] = []
  const forged: string[] = []
  const faults: Fault[] = []
  let app: FastifyInstance
  let port = 0

  async function receive(request: FastifyRequest, reply: FastifyReply) {
    const raw = (request.body as Buffer | undefined) ?? Buffer.alloc(0)
    if (!isFromAfar(request.headers, raw)) {
      forged.push(raw.toString())
      return reply.code(401).send()
    }
    const deliveryId = String(request.headers['afar-delivery-id'])
    const call = {
      deliveryId,
      body: JSON.parse(raw.toString()),
      raw: raw.toString(),
      headers: request.headers,
    }
    calls.push(call)
    const fault = faults.shift()
    const takes = fault === undefined || fault.kind === 'delay' || fault.takes === true
    if (takes && !taken.some(one => one.deliveryId === deliveryId)) taken.push(call)
    return answer(request, reply, fault)
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, fault: Fault | undefined) {
    if (fault?.kind === 'status')
      return reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body)
    if (fault?.kind === 'delay') await new Promise(done => setTimeout(done, fault.ms))
    if (fault?.kind === 'cut') request.raw.socket.destroy()
    if (fault?.kind === 'cut' || fault?.kind === 'hang') return reply.hijack()
    return reply.code(200).send({ taken: true })
  }

  /** While a secret is changed over, the signature of each comes in one header, separated by a comma. */
  const isFromAfar = (headers: FastifyRequest['headers'], raw: Buffer) =>
    String(headers['afar-signature'])
      .split(',')
      .some(signature => isSigned({ ...headers, 'afar-signature': signature }, raw, secrets, now()))

  async function open() {
    app = Fastify({ forceCloseConnections: true })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, raw, done) => done(null, raw))
    app.post('/hook', receive)
    await app.listen({ port, host: '127.0.0.1' })
    port = (app.server.address() as AddressInfo).port
  }
  await open()

  return {
    url: `http://127.0.0.1:${port}/hook`,
    secrets,
    calls,
    taken,
    forged,
    faults,
    /** The process is gone: connections are refused until it is back, on the same port. */
    goAway: () => app.close(),
    comeBack: open,
    stop: () => app.close(),
  }
}
