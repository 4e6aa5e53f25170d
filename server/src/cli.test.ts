import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../test/app.ts'
import { beginSecondFactor, confirmSecondFactor } from './modules/staff/second-factor.ts'
import type { Connection } from './platform/db.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 60_000 })

const secret = 'a secret of the house that only tests know'
const app = await startTestApp({ secrets: [secret] })

describe('an administrator who locked himself out', () => {
  test('gets a link on the command line, chooses a new password with it and signs in', async () => {
    const admin = await app.as('admin', { email: 'boss@test.example' })
    const { said } = await afar('staff', 'reset-password', '--email', 'Boss@test.example')
    const [, token] = /^http:\/\/localhost:8400\/password-reset\/([\w-]{43})\n$/.exec(said) ?? []
    const password = 'a sentence nobody else would say'
    const { status } = await app.put(`/password-resets/by-token/${token}/password`, { password })
    expect(status).toBe(204)
    expect(await admin.get('/session')).toMatchObject({ status: 401 })
    expect(await app.post('/session', { email: 'boss@test.example', password })).toMatchObject({
      status: 200,
      body: { state: 'signed_in' },
    })
  })

  test('gets rid of a second factor he lost', async () => {
    const admin = await app.as('admin', { email: 'lost@test.example' })
    await switchOn(admin.id)
    const { code, said } = await afar('staff', 'reset-second-factor', '--email', 'lost@test.example')
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining('without a second factor'),
    })
    const signedIn = await app.post('/session', {
      email: 'lost@test.example',
      password: 'correct horse battery staple',
    })
    expect(signedIn.body).toEqual({ state: 'signed_in' })
  })
})

describe('the command line', () => {
  test('says in a sentence what is wrong', async () => {
    expect(await afar('staff', 'reset-password', '--email', 'nobody@test.example')).toMatchObject({
      code: 1,
      complained: 'There is no such staff.\n',
    })
    expect(await afar('staff', 'reset-password')).toMatchObject({
      code: 1,
      complained: expect.stringContaining('--email is needed'),
    })
  })

  test('names every command in its help', async () => {
    const { said } = await afar('--help')
    for (const command of [
      'api-key create',
      'staff reset-password',
      'staff reset-second-factor',
      'mail explain',
      'doctor',
    ])
      expect(said).toContain(`  ${command} `)
  })
})

describe('mail explain', () => {
  const mails = path.join(import.meta.dirname, '../test/data/mail')
  const bounce = path.join(mails, 'bounces/arf-01.eml')
  const plain = path.join(mails, 'cpython/msg_01.txt')
  // Neither a place for data nor a database: it must not even look for them.
  const nowhere = { AFAR_DATA_DIR: '/nonexistent', DATABASE_URL: 'postgres://127.0.0.1:1/none' }

  test('says a line of JSON for each file, and goes on after one that cannot be read', async () => {
    const { code, said } = await afarIn(nowhere, 'mail', 'explain', plain, '/nonexistent.eml', bounce)
    expect(code).toBe(1)
    const lines = said
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toMatchObject([
      {
        file: plain,
        from: { address: 'bbb@ddd.com' },
        subject: 'This is a test message',
        text: expect.stringContaining('Do you like this message?'),
        said: expect.stringContaining('-Me'),
        thread: { messageId: '15090.61304.110929.45684@aaa.zzz.org', inReplyTo: [], references: [] },
        authentication: { by: null },
        report: null,
        findings: [],
        html: false,
      },
      { file: '/nonexistent.eml', error: { code: 'ENOENT', message: expect.any(String) } },
      { file: bounce, report: { kind: 'complaint' }, attachments: [{ type: 'message/rfc822' }] },
    ])
  })

  test('reads the standard input', async () => {
    const run = promisify(execFile)(process.execPath, [
      path.join(import.meta.dirname, 'cli.ts'),
      'mail',
      'explain',
      '-',
    ])
    run.child.stdin!.end('Subject: hi\r\n\r\nhello')
    const { stdout } = await run
    expect(JSON.parse(stdout)).toMatchObject({ file: '-', subject: 'hi', text: 'hello' })
  })

  test('says what it needs', async () => {
    expect(await afarIn(nowhere, 'mail', 'explain')).toMatchObject({
      code: 1,
      complained: expect.stringContaining('A file is needed'),
    })
  })
})

describe('the doctor', () => {
  test('says how much is still sealed under an earlier secret, and how much nobody can open', async () => {
    const { place } = app
    const sealed = (await place.pool.query('select count(*)::int as n from auth_two_factors')).rows[0].n
    const { id } = await app.as('agent')
    await app.act(ctx => beginSecondFactor(ctx, place.secrets, { id, email: 'a@test.example' }))
    const changed = { AFAR_SECRET: 'another secret of the house that only tests know' }
    const told = (environment: Record<string, string>) => findingOf('secrets', environment)
    expect(await told({})).toMatch(/^ok/)
    expect(await told({ ...changed, AFAR_SECRET_OLD: secret })).toMatch(
      new RegExp(`^BAD .* ${sealed + 1} values are still sealed under AFAR_SECRET_OLD`),
    )
    expect(await told(changed)).toMatch(/^BAD .* sealed values open with no secret given here/)
  })

  test('says that an older backup was restored, and which file to look at', async () => {
    await app.sweep()
    expect(await findingOf('audit')).toMatch(/^ok/)
    const anchor = path.join(app.dataDir, 'audit-anchor.json')
    fs.writeFileSync(anchor, JSON.stringify({ n: 1_000_000, hash: '00' }))
    expect(await findingOf('audit')).toMatch(/^BAD .* audit-anchor\.json/)
    fs.rmSync(anchor)
    expect(await findingOf('audit')).toMatch(/^ok/)
  })
})

/** A finding of the doctor's, as it is printed. */
async function findingOf(name: string, environment: Record<string, string> = {}) {
  const { said } = await afarIn(environment, 'doctor')
  return said.split('\n').find(line => line.slice(5).startsWith(`${name} `))
}

async function switchOn(staffId: string) {
  const { place } = app
  const { uri } = await app.act(ctx =>
    beginSecondFactor(ctx, place.secrets, { id: staffId, email: 'lost@test.example' }),
  )
  const seed = new TextDecoder().decode(base32.decode(new URL(uri).searchParams.get('secret')!))
  const code = await createOTP(seed).hotp(Math.floor(app.clock.now.getTime() / 30_000))
  await app.act(ctx => confirmSecondFactor(ctx, place.secrets, staffId, code))
}

const settings = {
  DATABASE_URL: addressOf(app.connection),
  AFAR_SECRET: secret,
  AFAR_DATA_DIR: app.dataDir,
}

function addressOf(connection: Connection) {
  if ('connectionString' in connection) return connection.connectionString
  const { host, port = 5432, user, password = '', database } = connection
  const search = new URLSearchParams({ host, port: String(port) })
  return `postgres://${user}:${encodeURIComponent(password)}@localhost/${database}?${search}`
}

/** Runs the program as an operator does, on the database of this test. */
const afar = (...args: string[]) => afarIn({}, ...args)

async function afarIn(environment: Record<string, string>, ...args: string[]) {
  const run = promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'cli.ts'), ...args], {
    env: { PATH: process.env.PATH, ...settings, ...environment },
  })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout, complained: stderr }),
    error => ({
      code: error.code as number,
      said: error.stdout as string,
      complained: error.stderr as string,
    }),
  )
}
