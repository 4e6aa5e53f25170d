import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from '../settings/company.ts'
import { firstPlace, placeAfter, placeInto, stepAt } from './places.ts'
import { flowVersions } from './tables.ts'
import type { Step } from './terms.ts'
import { act, startFlows } from './test-flows.ts'

vi.setConfig({ testTimeout: 240_000 })

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)

const letter = fc.constantFrom('a', 'b', 'c')
const condition = fc.oneof(
  fc.constant({ all: [] }),
  fc.record({
    field: fc.constant('tags'),
    is: fc.constantFrom('has_any', 'has_none'),
    value: fc.tuple(letter),
  }),
)
const { steps } = fc.letrec<{ steps: object[]; step: object }>(tie => ({
  step: fc.oneof(
    { maxDepth: 2 },
    letter.map(tag => act('add_tags', { tags: [tag] })),
    letter.map(tag => act('remove_tags', { tags: [tag] })),
    fc.constant(act('reply', { text: 'said' })),
    fc.constant(act('assign', { staffId: '018f0000-0000-7000-8000-000000000000' }, { ifRefused: 'stop' })),
    fc.boolean().map(onlyIfStill => ({ do: 'wait', n: 1, unit: 'hours', onlyIfStill })),
    fc.record({ do: fc.constant('branch'), if: condition, yes: tie('steps'), no: tie('steps') }),
  ),
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
}))
const flow = fc.record({
  trigger: fc.constantFrom('opened', 'changed', 'replied', 'customer_wrote'),
  condition,
  steps,
  stopsOthers: fc.boolean(),
})
const deeds = fc.array(fc.constantFrom('say', 'reply', 'tag', 'hour'), { minLength: 2, maxLength: 5 })

/** One write of the journal in so many is thrown out, and with it all that its transaction did. */
async function killSome(oneIn: number) {
  await app.place.pool.query('create sequence if not exists kills')
  await app.place.pool.query(`create or replace function kill_some() returns trigger language plpgsql as $$
    begin if nextval('kills') % ${oneIn} = 0 then raise exception 'killed'; end if; return new; end $$`)
  await app.place.pool.query('drop trigger if exists kill on flow_steps')
  await app.place.pool.query(
    'create trigger kill after insert on flow_steps for each row execute function kill_some()',
  )
}

test('whatever flows meet whatever happens, journals are whole, nothing is done twice, and it ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(flow, { minLength: 1, maxLength: 3 }),
      deeds,
      fc.integer({ min: 3, max: 9 }),
      async (drafts, deeds, oneIn) => {
        const ids: string[] = []
        for (const { trigger, ...terms } of drafts)
          ids.push(await f.flow(trigger, terms.steps, { ...terms, limits: { perRecordHour: 5 } }))
        await killSome(oneIn)
        const chat = await f.chat()
        for (const deed of deeds) {
          if (deed === 'say') await chat.visitor.say('Hello')
          if (deed === 'reply') await f.reply(chat.id)
          if (deed === 'tag') await admin.put(`/conversations/${chat.id}/tags`, { tags: ['a'] })
          app.clock.advance(deed === 'hour' ? 3_600 : 40)
          await f.quiet()
        }
        for (let n = 0; n < 12; n++) {
          app.clock.advance(600)
          await f.quiet()
        }
        for (const id of ids) await check(id, chat.id)
        const { rows } = await app.place.pool.query(
          'select count(*)::int as n, max(depth) as depth from events where conversation_id = $1',
          [chat.id],
        )
        expect(rows[0].depth).toBeLessThanOrEqual(5)
        expect(rows[0].n).toBeLessThan(400)
        for (const id of ids) await f.off(id)
      },
    ),
    { numRuns: Number(process.env.FLOW_RUNS ?? 12), seed: 20_261_122, endOnFailure: true },
  )
})

async function check(flowId: string, conversationId: string) {
  const versions = await app.look().db.select().from(flowVersions)
  const terms = versions.find(version => version.flowId === flowId)!.terms
  let replies = 0
  for (const run of await f.runs(flowId)) {
    const steps = await f.steps(run.id)
    expect(['done', 'stopped', 'barred', 'failed', 'waiting']).toContain(run.state)
    replies += steps.filter(step => isReply(terms.steps, step)).length
    if (run.state === 'failed') continue
    let place = firstPlace(terms.steps)
    for (const [n, written] of steps.entries()) {
      const [at, outcome] = written.split(' ') as [string, string]
      expect(at, `${steps.join()} ${n}`).toBe(place)
      place =
        outcome === 'yes' || outcome === 'no'
          ? placeInto(terms.steps, at, outcome)
          : placeAfter(terms.steps, at)
    }
    if (run.state === 'done') expect(place).toBeNull()
  }
  const said = (await f.said(conversationId)).filter(({ authorId }) => authorId === flowId)
  expect(said).toHaveLength(replies)
}

const isReply = (steps: readonly Step[], written: string) => {
  const [at, outcome] = written.split(' ') as [string, string]
  const step = stepAt(steps, at)
  return outcome === 'done' && step?.do === 'act' && step.action.code === 'reply'
}
