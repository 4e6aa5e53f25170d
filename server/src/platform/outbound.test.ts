import { execFile } from 'node:child_process'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { createOutbound, type OutboundOptions } from './outbound.ts'
import type { ResolvedAddress } from './outbound-guard.ts'

const here = { network: '127.0.0.1', prefix: 32, port: undefined }
const localhost: ResolvedAddress = { address: '127.0.0.1', family: 4 }
const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** Made for this file, for shop.example and 127.0.0.1 until 2120; it opens nothing. */
const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgm6h/7JPH9AvDe9Qn
s/n1HTg6vLH7GAtrFOBAEheCfH2hRANCAARuDiJNy154cVATHFZ8WfSnjZuGAUaJ
NQa8vC2dPqtAqivWUVSQCQXm1SmA9L3RijtkD6bwdcKFYx7MM5zNOFzB
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBaTCCARCgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlBZmFyIHRl
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CUFmYXIgdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABG4OIk3LXnhxUBMc
VnxZ9KeNm4YBRok1Bry8LZ0+q0CqK9ZRVJAJBebVKYD0vdGKO2QPpvB1woVjHswz
nM04XMGjUTBPMB0GA1UdEQQWMBSCDHNob3AuZXhhbXBsZYcEfwAAATAPBgNVHRMB
Af8EBTADAQH/MB0GA1UdDgQWBBSELXyXdNJW6IGM+43I1iNtv17J2zAKBggqhkjO
PQQDAgNHADBEAiAnEt5/Uvm0hur6K6subap2RhRry6dzSNUOphrM2J891wIgSWe5
6gwFUWfIs7D0RdG2RKC976od9xS9Vp13c3fbL/o=
-----END CERTIFICATE-----`,
}

/** A client that must not get as far as connecting; the stub never opens a socket. */
function caged(answers: Record<string, string[]> = {}, options: OutboundOptions = {}) {
  const connections: string[] = []
  const lookups: string[] = []
  const outbound = createOutbound({
    lookup: async host => {
      lookups.push(host)
      return (answers[host] ?? []).map(address => ({ address, family: net.isIP(address) }))
    },
    connect: (addresses, port) => {
      connections.push(...addresses.map(({ address }) => `${address} ${port}`))
      return new net.Socket().destroy(new Error('caged'))
    },
    ...options,
  })
  const get = (url: string) => outbound.request({ method: 'GET', url }).catch(error => error)
  return { get, connections, lookups }
}

async function listen(server: net.Server) {
  const sockets = new Set<net.Socket>()
  server.on('connection', socket =>
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {})),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

const serve = (answer: http.RequestListener) => listen(http.createServer(answer))
// Without somebody reading, a server does not notice that the client has left.
const speak = (onConnection: (socket: net.Socket) => void) =>
  listen(net.createServer(socket => onConnection(socket.resume())))

const toHere = createOutbound({ allow: [here], lookup: async () => [localhost] })
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it succeeded'),
    error => error,
  )

describe('a private listener is never called', () => {
  const refused = { outcome: 'refused', code: 'address_not_allowed', message: 'This address is not allowed.' }

  test.each([
    ...['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '①②⑦.⓪.⓪.①', '0', '0.0.0.0', '10.0.0.1'],
    ...['100.64.0.1', '169.254.169.254', '172.16.0.1', '192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1'],
    ...[
      '240.0.0.1',
      '[::]',
      '[::1]',
      '[::ffff:7f00:1]',
      '[::ffff:127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[fc00::1]',
    ],
    ...['[fe80::1]', '[2002:7f00:1::]', '[::127.0.0.1]'],
  ])('at %s', async host => {
    const client = caged()
    expect(await client.get(`http://${host}/`)).toMatchObject(refused)
    expect(await client.get(`https://${host}/`)).toMatchObject(refused)
    expect(client).toMatchObject({ connections: [], lookups: [] })
  })

  test.each([
    ['localhost.', '127.0.0.1'],
    ['metadata.google.internal', '169.254.169.254'],
    ['only-six.example', '::1'],
    ['mapped.example', '::ffff:10.0.0.1'],
    ['zoned.example', 'fe80::1%eth0'],
    ['strange.example', 'not-an-address'],
  ])('by the name %s', async (name, address) => {
    const client = caged({ [name]: [address] })
    expect(await client.get(`http://${name}/`)).toMatchObject(refused)
    expect(client.connections).toEqual([])
  })

  test('by a name that has a public address too', async () => {
    const client = caged({ 'two.example': ['93.184.216.34', '10.0.0.1'] })
    expect(await client.get('http://two.example/')).toMatchObject(refused)
    expect(client.connections).toEqual([])
  })

  test('by a name that is public when asked first and private when asked again', async () => {
    const answers = { 'rebinding.example': ['93.184.216.34'] }
    const client = caged(answers)
    const first = client.get('http://rebinding.example/')
    answers['rebinding.example'] = ['127.0.0.1']
    await first
    expect(client.connections).toEqual(['93.184.216.34 80'])
    expect(client.lookups).toEqual(['rebinding.example'])
  })

  test('on a port that is not for the web, though the address is public', async () => {
    const client = caged({ 'shop.example': ['93.184.216.34'] })
    for (const port of [22, 25, 5432, 6379]) {
      expect(await client.get(`http://shop.example:${port}/`)).toMatchObject(refused)
    }
    expect(client.connections).toEqual([])
  })

  test('through a redirect: it is an answer like another', async () => {
    const asked: string[] = []
    const { port } = await serve((request, response) => {
      asked.push(request.url!)
      response.writeHead(request.url === '/307' ? 307 : 302, { location: '/private' }).end()
    })
    for (const status of [302, 307]) {
      const answer = await toHere.request({
        method: 'POST',
        url: `http://a.example:${port}/${status}`,
        body: 'x',
      })
      expect(answer).toMatchObject({ status, headers: { location: '/private' } })
    }
    expect(asked).toEqual(['/302', '/307'])
  })

  test('through a proxy, or with an untrusted certificate, because the environment says so', async () => {
    let proxied = 0
    const proxy = await speak(socket => {
      proxied += 1
      socket.destroy()
    })
    const { port } = await serve((_, response) => response.end('direct'))
    const secure = await listen(https.createServer(certificate, (_, response) => response.end('trusted')))
    const address = `http://127.0.0.1:${proxy.port}`
    const script = `
      import { createOutbound } from ${JSON.stringify(new URL('outbound.ts', import.meta.url).href)}
      const outbound = createOutbound({ allow: [{ network: '127.0.0.1', prefix: 32 }] })
      const get = async url => {
        const answer = await outbound.request({ method: 'GET', url }).catch(error => ({ body: error.outcome }))
        console.log(String(answer.body))
      }
      await get('http://127.0.0.1:${port}/')
      await get('https://127.0.0.1:${secure.port}/')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: {
        NODE_USE_ENV_PROXY: '1',
        ...{ HTTP_PROXY: address, http_proxy: address, HTTPS_PROXY: address, ALL_PROXY: address },
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
    })
    expect(stdout.split('\n').slice(0, 2)).toEqual(['direct', 'not_sent'])
    expect(proxied).toBe(0)
  })
})

describe('an exchange', () => {
  test('carries method, path, headers and body, and brings back status, headers and bytes', async () => {
    const seen: unknown[] = []
    const { port } = await serve(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { method, url, headers } = request
      seen.push({
        method,
        url,
        host: headers.host,
        type: headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      })
      response.writeHead(201, { 'x-answer': 'yes' }).end(Buffer.from([0, 255, 10]))
    })
    const answer = await toHere.request({
      method: 'POST',
      url: `http://shop.example:${port}/hook?a=b#c`,
      headers: { 'Content-Type': 'application/json', Host: 'evil.example', 'Transfer-Encoding': 'chunked' },
      body: '{"text":"你好"}',
    })
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'x-answer': 'yes' },
      body: Buffer.from([0, 255, 10]),
    })
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/hook?a=b',
        host: `shop.example:${port}`,
        type: 'application/json',
        body: '{"text":"你好"}',
      },
    ])
  })

  test('reads answers without a length, and of HTTP/1.0, to their end', async () => {
    const { port } = await speak(socket =>
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it')),
    )
    const answer = await toHere.request({ method: 'GET', url: `http://shop.example:${port}/` })
    expect(answer.body.toString()).toBe('all of it')
  })

  test('keeps the name for certificate and host when it is encrypted', async () => {
    let named: unknown
    const server = https.createServer({
      ...certificate,
      SNICallback: (name, done) => {
        named = name
        done(null)
      },
    })
    server.on('request', (request, response) => response.end(request.headers.host))
    const { port } = await listen(server)
    const outbound = createOutbound({ allow: [here], lookup: async () => [localhost], ca: certificate.cert })
    const answer = await outbound.request({ method: 'GET', url: `https://shop.example:${port}/` })
    expect(answer.body.toString()).toBe(`shop.example:${port}`)
    expect(named).toBe('shop.example')
    expect((await outbound.request({ method: 'GET', url: `https://127.0.0.1:${port}/` })).status).toBe(200)
  })

  test.each([
    ['for another name', 'https://other.example', certificate.cert],
    ['nobody vouches for', 'https://shop.example', undefined],
  ])('is not begun with a certificate %s', async (_, origin, ca) => {
    let requests = 0
    const { port } = await listen(https.createServer(certificate, () => requests++))
    const outbound = createOutbound({ allow: [here], lookup: async () => [localhost], ca })
    const error = await failure(outbound.request({ method: 'POST', url: `${origin}:${port}/`, body: 'x' }))
    expect(error).toMatchObject({ outcome: 'not_sent', message: 'This address could not be reached.' })
    expect(requests).toBe(0)
  })

  test.each([
    ['x-a', 'b\r\nx-evil: 1'],
    ['x-a\r\nx-evil', '1'],
    ['x a', '1'],
    ['x-a', '\0'],
  ])('with the header %j: %j is refused before anybody is asked', async (name, value) => {
    const lookups: string[] = []
    const outbound = createOutbound({
      lookup: async host => {
        lookups.push(host)
        return []
      },
    })
    const error = await failure(
      outbound.request({ method: 'GET', url: 'http://a.example/', headers: { [name]: value } }),
    )
    expect(error).toMatchObject({ outcome: 'refused', code: 'bad_header' })
    expect(lookups).toEqual([])
  })
})

describe('what failed before a byte left is not sent', () => {
  const unreachable = {
    outcome: 'not_sent',
    code: 'unreachable',
    message: 'This address could not be reached.',
  }

  test('when the name is not known, or has no address', async () => {
    const outbound = createOutbound({ lookup: () => Promise.reject(new Error('ENOTFOUND')) })
    expect(await failure(outbound.request({ method: 'GET', url: 'http://a.example/' }))).toMatchObject(
      unreachable,
    )
    expect(await caged({ 'a.example': [] }).get('http://a.example/')).toMatchObject(unreachable)
  })

  test('when nobody listens, the connection never comes about, or the handshake fails: in the same words', async () => {
    const closed = await speak(() => {})
    open.pop()!()
    const plain = await speak(socket => socket.end('this is not TLS'))
    const mute = await speak(() => {})
    const request = { method: 'POST', body: 'x', timeoutMs: 150 } as const
    const silent = createOutbound({
      allow: [here],
      lookup: async () => [localhost],
      connect: () => new net.Socket(),
    })
    const errors = await Promise.all([
      failure(toHere.request({ ...request, url: `http://a.example:${closed.port}/` })),
      failure(silent.request({ ...request, url: 'http://a.example:8080/' })),
      failure(toHere.request({ ...request, url: `https://a.example:${plain.port}/` })),
      failure(toHere.request({ ...request, url: `https://a.example:${mute.port}/` })),
    ])
    for (const error of errors) expect({ ...error, message: error.message }).toMatchObject(unreachable)
    await expect.poll(() => mute.sockets.size).toBe(0)
  })

  test('when the name server takes too long', async () => {
    const outbound = createOutbound({ lookup: () => new Promise(() => {}) })
    const error = await failure(outbound.request({ method: 'GET', url: 'http://a.example/', timeoutMs: 50 }))
    expect(error).toMatchObject(unreachable)
  })
})

describe('what failed later is uncertain', () => {
  const request = { method: 'POST', body: 'charge', timeoutMs: 300 } as const

  test.each<[string, (socket: net.Socket) => void, number | undefined]>([
    [
      'the connection was closed without an answer',
      socket => socket.once('data', () => socket.end()),
      undefined,
    ],
    ['the connection was reset', socket => socket.once('data', () => socket.resetAndDestroy()), undefined],
    ['no answer came in time', () => {}, undefined],
    ['the answer made no sense', socket => socket.end('SSH-2.0-OpenSSH\r\n'), undefined],
    [
      'the answer switched protocols',
      socket => socket.end('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      undefined,
    ],
    ['the answer broke off', socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), 200],
    [
      'the answer came drop by drop',
      socket => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n', 'x'),
      200,
    ],
    ['the headers came drop by drop', socket => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x'), undefined],
  ])('when %s', async (_, behave, status) => {
    const { port, sockets } = await speak(behave)
    const error = await failure(toHere.request({ ...request, url: `http://a.example:${port}/` }))
    expect(error).toMatchObject({
      outcome: 'uncertain',
      code: 'no_answer',
      message: 'No complete answer came back.',
    })
    expect(error.status).toBe(status)
    await expect.poll(() => sockets.size).toBe(0)
  })

  test('when the answer is larger than allowed, of which no more is read', async () => {
    let sent = 0
    const { port } = await serve((_, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000))) sent += 10_000
      }
      response.on('drain', write)
      write()
    })
    const error = await failure(
      toHere.request({ ...request, timeoutMs: 5_000, url: `http://a.example:${port}/`, maxBytes: 50_000 }),
    )
    expect(error).toMatchObject({ outcome: 'uncertain', code: 'answer_too_large', status: 200 })
    expect(sent).toBeLessThan(20_000_000)
  })

  test('but an answer of exactly the allowed size is none', async () => {
    const { port } = await serve((_, response) => response.end(Buffer.alloc(1000)))
    const url = `http://a.example:${port}/`
    expect((await toHere.request({ ...request, url, maxBytes: 1000 })).body).toHaveLength(1000)
    expect(await failure(toHere.request({ ...request, url, maxBytes: 999 }))).toMatchObject({
      code: 'answer_too_large',
    })
  })
})

test('of several checked addresses the next is tried when the first does not answer', async () => {
  const { port } = await serve((_, response) => response.end('second'))
  const both = [{ address: '127.0.0.9', family: 4 }, localhost]
  const outbound = createOutbound({
    allow: [{ network: '127.0.0.0', prefix: 8, port: undefined }],
    lookup: async () => both,
  })
  expect((await outbound.request({ method: 'GET', url: `http://a.example:${port}/` })).body.toString()).toBe(
    'second',
  )
})

function drip(socket: net.Socket, first: string, then: string) {
  socket.once('data', () => socket.write(first))
  const timer = setInterval(() => socket.write(then), 10)
  socket.on('close', () => clearInterval(timer)).on('error', () => {})
}

describe('a connection to a mail server', () => {
  const caughtBy = (outbound: ReturnType<typeof createOutbound>) => ({
    connect: (host: string, port: number) => outbound.connect(host, port).catch(error => error),
    pin: (host: string, port: number) => outbound.pin(host, port).catch(error => error),
  })

  test.each([
    ['10.1.2.3', 993],
    ['127.0.0.1', 143],
    ['mail.private.example', 993],
    ['mixed.example', 587],
    ['169.254.169.254', 25],
    ['[::1]', 993],
    ['mail.example', 80],
    ['mail.example', 22],
    ['mail.example', 6379],
  ])('to %s port %i is refused before anybody is called', async (host, port) => {
    const called: string[] = []
    const outbound = createOutbound({
      lookup: async name =>
        ({
          'mail.private.example': [{ address: '192.168.1.1', family: 4 }],
          'mixed.example': [
            { address: '93.184.216.34', family: 4 },
            { address: '10.0.0.1', family: 4 },
          ],
          'mail.example': [{ address: '93.184.216.34', family: 4 }],
        })[name] ?? [{ address: '::1', family: 6 }],
      connect: addresses => {
        called.push(...addresses.map(({ address }) => address))
        return new net.Socket().destroy(new Error('caged'))
      },
    })
    for (const error of [
      await caughtBy(outbound).connect(host, port),
      await caughtBy(outbound).pin(host, port),
    ])
      expect(error).toMatchObject({ outcome: 'refused', code: 'address_not_allowed' })
    expect(called).toEqual([])
  })

  test.each([
    25, 143, 465, 587, 993, 2525,
  ])('to port %i goes to the checked addresses, whatever the name says later', async port => {
    const answers = [[{ address: '93.184.216.34', family: 4 }], [localhost]]
    const called: string[] = []
    const outbound = createOutbound({
      lookup: async () => answers.shift()!,
      connect: (addresses, to) => {
        called.push(...addresses.map(({ address }) => `${address} ${to}`))
        return new net.Socket().destroy(new Error('caged'))
      },
    })
    await expect(outbound.connect('mail.example', port)).rejects.toMatchObject({ outcome: 'not_sent' })
    expect(called).toEqual([`93.184.216.34 ${port}`])
  })

  test('of a library is pinned: the name given to it is never resolved', async () => {
    const server = net.createServer(socket => socket.end('hello'))
    const { port } = await listen(server)
    const outbound = createOutbound({ allow: [here], lookup: async () => [localhost] })
    const lookup = await outbound.pin('nowhere.invalid', port)
    const socket = net.connect({ host: 'nowhere.invalid', port, lookup })
    expect(String(await new Promise(done => socket.once('data', done)))).toBe('hello')
    socket.destroy()
  })

  test('to nobody there says so without a hint, and in time', async () => {
    const outbound = createOutbound({ allow: [here], lookup: () => new Promise(() => {}) })
    const started = performance.now()
    await expect(outbound.connect('slow.example', 993, { timeoutMs: 50 })).rejects.toMatchObject({
      outcome: 'not_sent',
      code: 'unreachable',
    })
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
