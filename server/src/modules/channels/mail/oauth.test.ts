import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hasMailServers, type MailServers, startMailServers } from '../../../../test/mail-servers.ts'
import { dovecotByToken, startTokenGiver } from '../../../../test/token-giver.ts'
import { channelsModule } from '../module.ts'
import { openTestPlace } from '../test-place.ts'
import { accessTokenOf } from './oauth.ts'
import { MailSettings } from './settings.ts'
import { mailOf, openMailboxes, until } from './test-mailbox.ts'

const house = await openTestPlace([channelsModule])
house.advance((Date.now() - house.place.clock.now().getTime()) / 1_000)
const admin = house.as(['channels:manage'])
const giver = await startTokenGiver({ redirectUri: `${house.place.url}/api/mailbox-grant`, account: '' })
afterAll(() => giver.stop())

const byToken = {
  auth: 'oauth' as const,
  oauthIssuer: giver.issuer,
  oauthClientId: 'afar',
}

async function makeMailbox(address: string, imap: object = { host: '127.0.0.1', port: 143 }) {
  const channel = await house.makeChannel('mail', { address, imap, ...byToken })
  const secret = { oauthClientSecret: 'the secret of the client' }
  await admin('PUT', `/channels/${channel.id}/mailbox/credentials`, secret)
  giver.consentsAs(address)
  return { ...channel, settings: MailSettings.parse(channel.settings) }
}

async function consent(channel: { id: string }) {
  const { body } = await admin('POST', `/channels/${channel.id}/mailbox/grant`)
  const back = await giver.walk(body.url)
  return admin('GET', back.pathname.replace('/api', '') + back.search)
}

describe('consent', () => {
  test('is asked for with PKCE, given once, and kept sealed', async () => {
    const channel = await makeMailbox('a@h.test')
    const begun = await admin('POST', `/channels/${channel.id}/mailbox/grant`)
    const question = new URL(begun.body.url).searchParams
    expect(question.get('code_challenge_method')).toBe('S256')
    const back = await giver.walk(begun.body.url)
    const given = await admin('GET', `/mailbox-grant${back.search}`)
    expect(given).toMatchObject({ status: 303 })
    expect(given.headers.location).toBe(`${house.place.url}/settings/channels/${channel.id}?grant=given`)
    expect((await admin('GET', `/channels/${channel.id}/mailbox`)).body.credentials.hasConsent).toBe(true)
    expect(await admin('GET', `/mailbox-grant${back.search}`)).toMatchObject({ status: 404 })
  })

  test('with another state, a late one or none of ours is refused', async () => {
    const channel = await makeMailbox('a@h.test')
    const begin = async () => (await admin('POST', `/channels/${channel.id}/mailbox/grant`)).body.url
    const first = await giver.walk(await begin())
    const second = await giver.walk(await begin())
    expect(await admin('GET', `/mailbox-grant${first.search}`)).toMatchObject({ status: 404 })
    house.advance(601)
    expect(await admin('GET', `/mailbox-grant${second.search}`)).toMatchObject({ status: 404 })
    house.advance(-601)
    expect(await admin('GET', '/mailbox-grant?state=made-up&code=x')).toMatchObject({ status: 404 })
  })

  test('that was denied leads back with the reason', async () => {
    const channel = await makeMailbox('a@h.test')
    const { body } = await admin('POST', `/channels/${channel.id}/mailbox/grant`)
    const state = new URL(body.url).searchParams.get('state')
    const { headers } = await admin('GET', `/mailbox-grant?state=${state}&error=access_denied`)
    expect(headers.location).toContain('grant=refused&reason=access_denied')
  })

  test('with a code of somebody else is refused by the verifier', async () => {
    const [one, two] = [await makeMailbox('a@h.test'), await makeMailbox('b@h.test')]
    const begin = async (id: string) => (await admin('POST', `/channels/${id}/mailbox/grant`)).body.url
    const stolen = (await giver.walk(await begin(one.id))).searchParams.get('code')
    const state = new URL(await begin(two.id)).searchParams.get('state')
    const { headers } = await admin('GET', `/mailbox-grant?state=${state}&code=${stolen}`)
    expect(headers.location).toContain('grant=refused&reason=token_expired')
  })
})

describe('a token', () => {
  test('is renewed before it runs out, once for all who ask, and the new one for renewal is kept', async () => {
    const channel = await makeMailbox('a@h.test')
    await consent(channel)
    const first = await accessTokenOf(house.place, channel)
    expect(await accessTokenOf(house.place, channel)).toBe(first)
    const before = giver.renewals.length
    house.advance(3_500)
    const asked = await Promise.all(Array.from({ length: 5 }, () => accessTokenOf(house.place, channel)))
    expect(new Set(asked).size).toBe(1)
    expect(asked[0]).not.toBe(first)
    expect(giver.renewals.slice(before)).toEqual(['refresh_token'])
    house.advance(3_500)
    expect(await accessTokenOf(house.place, channel)).not.toBe(asked[0])
    house.advance(-7_000)
  })

  test('is never in a row as it is', async () => {
    const channel = await makeMailbox('a@h.test')
    await consent(channel)
    const token = await accessTokenOf(house.place, channel)
    const { rows } = await house.place.pool.query('select mailboxes::text as row from mailboxes')
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe.skipIf(!hasMailServers)('a mailbox opened by token', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-oauth-'))
  fs.chmodSync(dir, 0o755)
  const file = path.join(dir, 'oauth2.conf')
  const { auth, settings } = dovecotByToken(giver.port, file)
  fs.writeFileSync(file, settings)
  const servers = hasMailServers
    ? await startMailServers({ postfix: false, auth })
    : (undefined as unknown as MailServers)
  afterAll(async () => {
    await servers?.stop()
    fs.rmSync(dir, { recursive: true })
  })
  const boxes = openMailboxes(house, servers)

  test('is fetched; when the consent ends it says so; when it is given again nothing is lost or doubled', async () => {
    const user = boxes.newUser()
    const channel = await makeMailbox(user, { host: '127.0.0.1', port: servers.imapPort, security: 'none' })
    await consent(channel)
    await servers.append(user, [mailOf(1)])
    const stop = boxes.start()
    await boxes.caughtUp(channel, 1)
    await stop()

    await giver.endConsent()
    house.advance(7 * 86_400)
    await servers.append(user, [mailOf(2), mailOf(3)])
    boxes.start()
    await until(async () => expect(await boxes.mailbox(channel)).toMatchObject({ failure: 'token_expired' }))
    expect(await boxes.ledger(channel)).toHaveLength(1)

    await consent(channel)
    await boxes.caughtUp(channel, 3)
    expect(await boxes.ledger(channel)).toHaveLength(3)
    house.advance(-7 * 86_400)
  })

  test('with a token the server will not have, a new one is fetched', async () => {
    const user = boxes.newUser()
    const channel = await makeMailbox(user, { host: '127.0.0.1', port: servers.imapPort, security: 'none' })
    await consent(channel)
    const { changeCredentials } = await import('./credentials.ts')
    await house.act(ctx => changeCredentials(ctx, house.place.secrets, channel.id, { accessToken: 'stale' }))
    boxes.start()
    await boxes.caughtUp(channel, 0)
  })
})
