import { expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { mailsIn, openMailChannel, rawMail } from '../../../test/mail.ts'
import { createCompany } from '../settings/company.ts'
import { act, startFlows, tag } from './test-flows.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)

test.each([
  ['an out-of-office mail', { headers: { 'Auto-Submitted': 'auto-replied' } }],
  ['a mail that wants no answer', { headers: { 'Return-Path': '<>' } }],
  ['a no-reply address', { from: 'no-reply@buyer.example' }],
])('%s is filed by a flow and not answered', async (_, mail) => {
  const channel = await openMailChannel(app, { acknowledge: false })
  const id = await f.flow('customer_wrote', [act('reply', { text: 'We are on it' }), tag('seen')])
  await mailsIn(app, channel, rawMail(mail))
  await f.quiet()
  const [run] = await f.runs(id)
  expect(await f.steps(run!.id)).toEqual(['steps.0 refused answers_a_robot', 'steps.1 done'])
  await f.off(id)
})

test('a person’s mail is answered once, and marked as a robot’s answer', async () => {
  const channel = await openMailChannel(app, { acknowledge: false })
  const id = await f.flow('customer_wrote', [act('reply', { text: 'We are on it' })])
  await mailsIn(app, channel, rawMail({ text: 'Where is my parcel?' }))
  await f.quiet()
  const { rows } = await app.place.pool.query('select payload from deliveries where channel_id = $1', [
    channel.id,
  ])
  expect(rows).toHaveLength(1)
  expect(rows[0].payload.mail).toMatchObject({ auto: 'auto-replied' })
  await f.off(id)
})
