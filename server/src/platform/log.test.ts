import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { type LogFields, logRequests, openLog } from './log.ts'

function listen(level = 'info', isReadable = false) {
  const lines: string[] = []
  const log = openLog({ level, isReadable, write: line => lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1)!) }
}

describe('a log line', () => {
  test('is one JSON object with level, time, process and message', () => {
    const { log, lines, last } = listen()
    log.info({ channelId: '018f', count: 3 }, 'inbound stored')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\{.*\}\n$/)
    expect(last()).toMatchObject({
      level: 'info',
      pid: process.pid,
      channelId: '018f',
      count: 3,
      msg: 'inbound stored',
    })
    expect(new Date(last().time).getTime()).toBeCloseTo(Date.now(), -4)
  })

  test('below the level is not written', () => {
    const { log, lines } = listen('warn')
    log.info('quiet')
    log.warn('loud')
    expect(lines).toHaveLength(1)
  })
})

describe('what a person wrote or is called is not in the log', () => {
  const planted = 'planted-7731'

  test.each([
    { email: planted },
    { phone: planted },
    { text: planted },
    { name: planted },
    { customerName: planted },
    { last_name: planted },
    { Authorization: planted },
    { accessToken: planted },
    { tokenHash: planted },
    { webhook_secret: planted },
    { 'set-cookie': planted },
    { newPassword: planted },
    { body: { deep: planted } },
    { query: { search: planted } },
    { headers: { 'x-anything': planted } },
    { request: { customer: { identities: [{ email: planted }] } } },
    { a: { b: { c: { d: { e: { f: planted } } } } } },
    { raw: Buffer.from(planted) },
    { note: 'mail from ada.planted-7731@example.com came' },
    { err: new Error('could not mail <planted-7731@example.com>') },
    { err: new Error('x', { cause: new Error('to planted-7731@example.com') }) },
    {
      err: Object.assign(new Error('duplicate key'), {
        code: '23505',
        detail: `Key (email)=(${planted}) exists`,
      }),
    },
    { err: Object.assign(new Error(`invalid input syntax for type uuid: "${planted}"`), { code: '22P02' }) },
    { err: new Error(`Failed query: insert into customers values ($1)\nparams: ${planted}`) },
    { err: new Error(`outer`, { cause: new Error(`Failed query: select $1\nparams: ${planted}`) }) },
  ] as unknown as LogFields[])('%o', fields => {
    const { log, lines } = listen()
    log.error(fields, 'something happened')
    log.child(fields).info('something happened')
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toContain(planted)
    expect(lines.join()).not.toContain(Buffer.from(planted).join())
  })

  test('in the message neither', () => {
    const { log, lines } = listen()
    log.info('sent to ada@example.com and +49 151 2345678')
    log.warn({ n: 1 }, 'sent to ada@example.com')
    expect(lines.join()).not.toMatch(/ada|151/)
  })

  test('under a personal field name it does not compile', () => {
    const { log } = listen()
    // @ts-expect-error: `email` may not be logged
    log.info({ email: 'x' }, 'message')
    // @ts-expect-error: nor may a token
    log.child({ token: 'x' })
  })
})

describe('an error in the log', () => {
  test('keeps kind, code, message, stack and cause', () => {
    const { log, last } = listen()
    const cause = Object.assign(new TypeError('no route'), { code: 'ENETUNREACH' })
    log.error(
      { err: Object.assign(new Error('not delivered', { cause }), { outcome: 'not_sent' }) },
      'failed',
    )
    expect(last().err).toMatchObject({
      ...{ type: 'Error', message: 'not delivered', outcome: 'not_sent' },
      cause: { type: 'TypeError', code: 'ENETUNREACH', message: 'no route' },
    })
    expect(last().err.stack).toContain('log.test.ts')
  })

  test('may be anything that was thrown', () => {
    const { log, lines } = listen()
    const circular: Record<string, unknown> = {}
    circular.itself = circular
    for (const err of ['text', 42, null, undefined, circular, 10n, Symbol('x'), () => {}])
      log.error({ err }, 'thrown')
    expect(lines).toHaveLength(8)
  })

  test('of enormous size is cut', () => {
    const { log, lines } = listen()
    const began = performance.now()
    log.error(
      { err: new Error('a@'.repeat(5_000_000)), note: '+1 '.repeat(1_000_000) },
      'x'.repeat(1_000_000),
    )
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(lines[0]!.length).toBeLessThan(20_000)
  })
})

describe('for a person at a terminal', () => {
  test('a line is readable, and its stack follows', () => {
    const { log, lines } = listen('info', true)
    log.warn({ sweep: 'clocks.breach', err: new Error('late') }, 'a sweep failed')
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}a sweep failed sweep=clocks\.breach err=late\n {4}at /,
    )
  })

  test('nothing from outside can move the cursor or forge a line', () => {
    const { log, lines } = listen('info', true)
    log.info({ route: '\u001b[2J\u009b2J\n12:00:00 INFO forged' }, 'hello\r\u202e')
    expect(lines[0]!.trimEnd()).not.toMatch(/\p{C}/u)
  })
})

describe('a request in the log', () => {
  async function request(url: string, level = 'info') {
    const { log, lines } = listen(level)
    const http = Fastify({ genReqId: () => 'r1' })
    logRequests(http, log)
    http.get('/api/customers/:id', async () => 'ok')
    http.get('/live', async () => 'ok')
    await http.inject({ url, headers: { authorization: 'Bearer planted' } })
    await http.close()
    return lines
  }

  test('shows the template of its route, never its address', async () => {
    const lines = await request('/api/customers/018f-planted?search=planted')
    expect(JSON.parse(lines[0]!)).toMatchObject({
      ...{ reqId: 'r1', method: 'GET', route: '/api/customers/:id', status: 200, ms: expect.any(Number) },
    })
    expect(lines.join()).not.toContain('planted')
  })

  test('to an unknown address shows none', async () => {
    const [line] = await request('/planted')
    expect(JSON.parse(line!)).toMatchObject({ route: 'unknown', status: 404 })
    expect(line).not.toContain('planted')
  })

  test('of a machine asking whether we live is not written every second', async () => {
    expect(await request('/live')).toEqual([])
    expect(await request('/live', 'debug')).toHaveLength(1)
  })
})
