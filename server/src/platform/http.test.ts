import http from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../test/app.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const bodyLimit = 1024 * 1024
let port = 0

beforeAll(async () => {
  await app.listen(0, '127.0.0.1')
  port = (app.http.server.address() as AddressInfo).port
})

type Said = { status: number; headers: http.IncomingHttpHeaders; code: string; body: string }

/** Over a real connection, since sizes and encodings are decided before any handler runs. */
function send(
  method: string,
  path: string,
  body: string | Buffer | readonly Buffer[] = '',
  headers: Record<string, string> = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { port, method, path, headers: { ...admin.headers, ...headers }, agent: false },
      answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const code = /"code":"([^"]+)"/.exec(text)?.[1] ?? ''
          resolve({ status: answer.statusCode!, headers: answer.headers, code, body: text })
        })
      },
    )
    request.on('error', reject)
    if (Array.isArray(body)) {
      for (const chunk of body) request.write(chunk)
      request.end()
    } else request.end(body)
  })
}
const json = { 'content-type': 'application/json' }
const padded = (bytes: number) => {
  const frame = Buffer.byteLength(JSON.stringify({ name: 'Team', surplus: '' }))
  return JSON.stringify({ name: 'Team', surplus: 'x'.repeat(bytes - frame) })
}

describe('a body', () => {
  test.each([
    ['one byte below the limit is read', bodyLimit - 1, 422, 'invalid_request'],
    ['of exactly the limit is read', bodyLimit, 422, 'invalid_request'],
    ['one byte above the limit is refused', bodyLimit + 1, 413, 'too_large'],
  ])('%s', async (_name, bytes, status, code) => {
    const body = padded(bytes)
    expect(Buffer.byteLength(body)).toBe(bytes)
    expect(await send('POST', '/api/teams', body, json)).toMatchObject({ status, code })
  })

  test('that comes in pieces without a length is held to the same limit', async () => {
    const pieces = (bytes: number) => {
      const whole = Buffer.from(padded(bytes))
      return Array.from({ length: Math.ceil(bytes / 60_000) }, (_, n) =>
        whole.subarray(n * 60_000, (n + 1) * 60_000),
      )
    }
    expect(await send('POST', '/api/teams', pieces(bodyLimit), json)).toMatchObject({ status: 422 })
    const answer = await send('POST', '/api/teams', pieces(bodyLimit + 1), json).catch(() => null)
    expect(answer === null || answer.status === 413).toBe(true)
  })

  test('in two pieces that cut a letter in half is read whole', async () => {
    const body = Buffer.from(JSON.stringify({ name: `组 ${app.unique()}` }))
    const cut = body.indexOf(0xe7) + 1
    const answer = await send('POST', '/api/teams', [body.subarray(0, cut), body.subarray(cut)], json)
    expect(answer.status).toBe(201)
    expect(answer.body).toContain('组')
  })

  test.each([
    ['text/plain', 415, 'unsupported_media_type'],
    ['application/xml', 415, 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['x', 415, 'unsupported_media_type'],
    ['multipart/form-data; boundary=x', 422, 'invalid_request'],
  ])('said to be %s is refused with %i', async (type, status, code) => {
    expect(await send('POST', '/api/teams', '{"name":"T"}', { 'content-type': type })).toMatchObject({
      status,
      code,
    })
  })

  test.each([
    ['no JSON', '{"name":', 400],
    ['nothing', '', 400],
    ['JSON with a key that reaches the prototype', '{"name":"T","__proto__":{"isAdmin":true}}', 400],
    ['the same, in disguise', '{"name":"T","\\u005f_proto__":{"isAdmin":true}}', 400],
    ['JSON of another kind', '[]', 422],
    ['null', 'null', 422],
    ['forty-one levels deep', `${'['.repeat(42)}${']'.repeat(42)}`, 422],
    ['ten thousand levels deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 422],
    ['a field of another type', '{"name":{"$gt":""}}', 422],
    ['a field that is not known', '{"name":"T","isAdmin":true}', 422],
  ])('that is %s is refused', async (_name, body, status) => {
    const answer = await send('POST', '/api/teams', body, json)
    expect(answer).toMatchObject({ status, code: expect.stringMatching(/^[a-z_]+$/) })
  })
})

describe('a refusal', () => {
  test.each([
    ['GET', '/api/nowhere', 404, 'route_not_found'],
    ['PATCH', '/api/company/nowhere', 404, 'route_not_found'],
    ['GET', '/api/conversations/not-a-uuid', 422, 'invalid_request'],
    ['GET', '/api/conversations/%', 400, 'fst_err_bad_url'],
    ['GET', '/api/conversations/%c0%80', 400, 'fst_err_bad_url'],
    ['PATCH', `/api/teams/${'x'.repeat(201)}`, 414, 'fst_err_max_param_length'],
    ['GET', '/api/conversations?limit=0', 422, 'invalid_request'],
    ['GET', '/api/conversations?limit=1&limit=2', 422, 'invalid_request'],
    ['GET', '/api/conversations?unknown=1', 422, 'invalid_request'],
  ])('of %s %s is %i in the one shape', async (method, path, status, code) => {
    const answer = await send(method, path)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(answer.body)).toEqual({
      error: { code, message: expect.any(String), ...(status === 422 && { details: expect.any(Array) }) },
    })
  })

  test('names no more than twenty of what is wrong, and never what was sent', async () => {
    const answer = await send(
      'POST',
      '/api/teams',
      JSON.stringify({ name: 'T', memberIds: Array(400).fill('secret words') }),
      json,
    )
    expect(JSON.parse(answer.body).error.details).toHaveLength(20)
    expect(answer.body).not.toContain('secret words')
  })

  test('of what is too large closes the connection, so that the rest need not be read', async () => {
    const answer = await send('POST', '/api/teams', padded(bodyLimit + 1), json)
    expect(answer.headers.connection).toBe('close')
  })

  test('of too many says when to come again', async () => {
    const statuses: Said[] = []
    for (let n = 0; n < 21; n++)
      statuses.push(await send('GET', `/api/invitations/by-token/${'x'.repeat(43)}`))
    expect(statuses.slice(0, 20).map(({ status }) => status)).toEqual(Array(20).fill(404))
    expect(statuses[20]).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(Number(statuses[20]!.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('of broken HTTP is an answer, not a lost connection', async () => {
    const said = await new Promise<string>(resolve => {
      const socket = net.connect(port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nbad header\r\n\r\n'),
      )
      let text = ''
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', () => resolve(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('every answer', () => {
  test.each([
    '/api/setup',
    '/api/nowhere',
    '/live',
    '/api/openapi.json',
    '/api/conversations/%',
  ])('%s is neither sniffed nor framed nor kept', async path => {
    const { headers } = await send('GET', path)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
  })
})
