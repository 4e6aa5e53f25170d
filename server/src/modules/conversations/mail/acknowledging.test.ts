import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, ourAddress, rawMail } from '../../../../test/mail.ts'

const app = await startTestApp()
const vouched = {
  'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=buyer.example; spf=pass',
}
const settings = { acknowledge: true, trustedServers: ['mx.shop.example'] }

describe('an acknowledgement', () => {
  test('goes to a customer in his language, marked as a robot’s, without a word of his', async () => {
    const channel = await openMailChannel(app, settings)
    await mailsIn(
      app,
      channel,
      rawMail({
        subject: 'BUY NOW http://evil.example',
        text: '我的包裹到哪里了？请尽快回复我。',
        headers: vouched,
      }),
    )
    const [{ payload }] = await deliveriesOf(channel)
    expect(payload.mail).toMatchObject({
      to: [{ address: 'ana@buyer.example' }],
      auto: 'auto-replied',
      quote: null,
    })
    expect(payload.mail.subject).toMatch(/^已收到您的来信（#\d+）$/)
    expect(payload.text).toContain('感谢您的来信')
    expect(JSON.stringify(payload)).not.toContain('evil')
  })

  test('goes to its writer, not to whom he would have it go', async () => {
    const channel = await openMailChannel(app, settings)
    const headers = { ...vouched, 'Reply-To': 'victim@other.example' }
    await mailsIn(app, channel, rawMail({ from: 'sly@buyer.example', headers }))
    const [{ payload }] = await deliveriesOf(channel)
    expect(payload.mail.to).toEqual([{ name: '', address: 'sly@buyer.example' }])
  })

  test('comes once a day however often he writes, and his mails are all there', async () => {
    const channel = await openMailChannel(app, settings)
    const from = 'often@buyer.example'
    const write = (n: number) => mailsIn(app, channel, rawMail({ from, text: `Mail ${n}`, headers: vouched }))
    for (let n = 0; n < 4; n++) await write(n)
    expect(await deliveriesOf(channel)).toHaveLength(1)
    app.clock.advance(25 * 3_600)
    await write(5)
    expect(await deliveriesOf(channel)).toHaveLength(2)
    expect(await conversationCount(channel)).toBe(5)
  })

  test.each([
    ['a robot', { headers: { ...vouched, 'Auto-Submitted': 'auto-generated' } }],
    ['another desk’s acknowledgement', { headers: { ...vouched, 'Auto-Submitted': 'auto-replied' } }],
    ['a list', { headers: { ...vouched, 'List-Id': '<news.list.example>' } }],
    ['bulk mail', { headers: { ...vouched, Precedence: 'bulk' } }],
    ['who wants no answer', { headers: { ...vouched, 'Return-Path': '<>' } }],
    ['a no-reply address', { from: 'no-reply@buyer.example', headers: vouched }],
    ['ourselves', { from: ourAddress, headers: vouched }],
    ['somebody nobody vouches for', {}],
    [
      'somebody his own domain disowns',
      { headers: { 'Authentication-Results': 'mx.shop.example; dmarc=fail header.from=buyer.example' } },
    ],
    [
      'somebody who vouches for himself',
      { headers: { 'Authentication-Results': 'mx.evil.example; dmarc=pass header.from=buyer.example' } },
    ],
  ])('never goes to %s', async (_whom, mail) => {
    const channel = await openMailChannel(app, settings)
    await mailsIn(app, channel, rawMail(mail))
    expect(await deliveriesOf(channel)).toEqual([])
    expect(await conversationCount(channel)).toBe(1)
  })

  test('of two desks that answer each other ends with the first', async () => {
    const [ours, theirs] = [
      await openMailChannel(app, { ...settings, address: 'a@one.example' }),
      await openMailChannel(app, { ...settings, address: 'b@two.example' }),
    ]
    await mailsIn(app, ours, rawMail({ from: 'b@two.example', to: 'a@one.example', headers: vouched }))
    const [first] = await deliveriesOf(ours)
    await mailsIn(
      app,
      theirs,
      rawMail({
        from: 'a@one.example',
        to: 'b@two.example',
        subject: first.payload.mail.subject,
        headers: { ...vouched, 'Auto-Submitted': first.payload.mail.auto },
        text: first.payload.text,
      }),
    )
    expect(await deliveriesOf(theirs)).toEqual([])
  })

  test('to one victim of a thousand forged mails is at most three a day', async () => {
    const channels = [await openMailChannel(app, settings), await openMailChannel(app, settings)]
    for (let n = 0; n < 20; n++)
      await mailsIn(
        app,
        channels[n % 2]!,
        rawMail({ from: 'victim@buyer.example', text: `x ${n}`, headers: vouched }),
      )
    const { rows } = await app.place.pool.query(
      "select count(*)::int as n from deliveries where payload->>'to' = 'victim@buyer.example'",
    )
    expect(rows[0].n).toBeGreaterThan(0)
    expect(rows[0].n).toBeLessThanOrEqual(3)
  })
})

const deliveriesOf = async (channel: { id: string }) =>
  (
    await app.place.pool.query('select * from deliveries where channel_id = $1 order by position', [
      channel.id,
    ])
  ).rows

const conversationCount = async (channel: { id: string }) =>
  (
    await app.place.pool.query('select count(*)::int as n from conversations where channel_id = $1', [
      channel.id,
    ])
  ).rows[0].n
