import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { conflict } from '../../platform/errors.ts'
import { wholly } from '../../platform/work.ts'
import { createCompany } from '../settings/company.ts'
import { createFlow } from './flows.ts'
import { act, isOpen, startFlows, tag, wait } from './test-flows.ts'

vi.setConfig({ testTimeout: 90_000 })

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)
const hours = (n: number) => app.clock.advance(n * 3_600)

/** On for one test only, so that the next is alone. */
const during = async (ids: string[], work: () => Promise<void>) => {
  await work()
  for (const id of ids) await f.off(id)
}

describe('a flow', () => {
  test('does its steps in order when its trigger comes, and writes each down', async () => {
    const id = await f.flow('opened', [tag('new'), act('set_priority', { priority: 'high' })])
    await during([id], async () => {
      const chat = await f.chat()
      expect(await f.state(chat.id)).toMatchObject({ tags: ['new'], priority: 'high' })
      const [run, ...others] = await f.runs(id)
      expect(others).toEqual([])
      expect(run).toMatchObject({ state: 'done', recordId: chat.id, wakeAt: null, hasActed: true })
      expect(await f.steps(run!.id)).toEqual(['steps.0 done', 'steps.1 done'])
    })
  })

  test('signs what it does with its own name, as the house', async () => {
    const id = await f.flow('opened', [act('reply', { text: 'We are here' })])
    await during([id], async () => {
      const chat = await f.chat()
      expect(await f.said(chat.id)).toMatchObject([
        { authorKind: 'system', authorId: id, text: 'We are here' },
      ])
      expect((await f.state(chat.id)).repliedAt).toBeNull()
      const traces = (await admin.get(`/conversations/${chat.id}/flow-runs`)).body as { items: unknown[] }
      const { number } = await f.state(chat.id)
      expect(traces.items).toMatchObject([
        {
          flow: { id },
          recordName: `#${number}`,
          state: 'done',
          steps: [{ outcome: 'done', step: { do: 'act' } }],
        },
      ])
    })
  })

  test('leaves alone what its condition does not hold for, and keeps no note of it', async () => {
    const id = await f.flow('opened', [tag('mail')], {
      condition: { field: 'channel', is: 'in', value: ['mail'] },
    })
    await during([id], async () => {
      const chat = await f.chat()
      expect(await f.tags(chat.id)).toEqual([])
      expect(await f.runs(id)).toEqual([])
    })
  })

  test('sees what those before it have done, and one that says so stops the others', async () => {
    const first = await f.flow('opened', [tag('seen')])
    const second = await f.flow('opened', [tag('second')], {
      condition: { field: 'tags', is: 'has_any', value: ['seen'] },
      stopsOthers: true,
    })
    const third = await f.flow('opened', [tag('third')])
    await during([first, second, third], async () => {
      const chat = await f.chat()
      expect(await f.tags(chat.id)).toEqual(['second', 'seen'])
      expect(await f.runs(third)).toEqual([])
    })
  })

  test('comes in the order that people gave the flows', async () => {
    const late = await f.flow('opened', [tag('late')], {
      condition: { field: 'tags', is: 'has_any', value: ['early'] },
    })
    const early = await f.flow('opened', [tag('early')])
    await during([late, early], async () => {
      expect(await f.tags((await f.chat()).id)).toEqual(['early'])
      const { items } = (await admin.get('/flows')).body as { items: { id: string }[] }
      const others = items.map(({ id }) => id).filter(id => id !== early)
      expect((await admin.put('/flows/order', { ids: [early, ...others] })).status).toBe(200)
      expect(await f.tags((await f.chat()).id)).toEqual(['early', 'late'])
      expect((await admin.put('/flows/order', { ids: [early] })).status).toBe(409)
    })
  })

  test('takes the way its condition tells, and goes on after the branch', async () => {
    const branch = (value: string) => ({
      do: 'branch',
      if: { field: 'priority', is: 'in', value: [value] },
      yes: [tag('yes')],
      no: [tag('no')],
    })
    const id = await f.flow('opened', [branch('normal'), branch('urgent'), tag('after')])
    await during([id], async () => {
      const chat = await f.chat()
      expect(await f.tags(chat.id)).toEqual(['after', 'no', 'yes'])
      const [run] = await f.runs(id)
      expect(await f.steps(run!.id)).toEqual([
        ...['steps.0 yes', 'steps.0.yes.0 done', 'steps.1 no', 'steps.1.no.0 done', 'steps.2 done'],
      ])
    })
  })

  test('notes what was refused, with its code, and goes on or stops as the step says', async () => {
    const impossible = act('assign', { staffId: '018f0000-0000-7000-8000-000000000000' })
    const going = await f.flow('opened', [impossible, tag('after')])
    const stopping = await f.flow('opened', [{ ...impossible, ifRefused: 'stop' }, tag('never')])
    await during([going, stopping], async () => {
      const chat = await f.chat()
      expect(await f.tags(chat.id)).toEqual(['after'])
      const [[gone], [stopped]] = [await f.runs(going), await f.runs(stopping)]
      expect(await f.steps(gone!.id)).toEqual(['steps.0 refused staff_not_found', 'steps.1 done'])
      expect(stopped).toMatchObject({ state: 'stopped', ending: 'refused' })
    })
  })

  test('leaves neither row nor news of what is thrown out half way', async () => {
    const tried = app.act(ctx =>
      wholly(ctx, async inside => {
        await createFlow(inside, { name: 'Half', record: 'conversation', draft: {} })
        throw conflict('half_way', 'No further.')
      }).catch(() => 'went on'),
    )
    const before = (await f.events('flow.changed')).length
    expect(await tried).toBe('went on')
    expect(await f.events('flow.changed')).toHaveLength(before)
    expect(JSON.stringify((await admin.get('/flows')).body)).not.toContain('Half')
  })

  test('puts a conversation aside for a while, or until a morning of the company’s', async () => {
    const tomorrow = new Date(app.clock.now.getTime() + 24 * 3_600_000)
    tomorrow.setUTCHours(9, 0, 0, 0)
    for (const [params, until] of [
      [{ forMinutes: 90 }, new Date(app.clock.now.getTime() + 90 * 60_000)],
      [{ untilMorning: 'tomorrow' }, tomorrow],
    ] as const) {
      const id = await f.flow('opened', [act('snooze', params)])
      await during([id], async () => {
        const chat = await f.chat()
        expect(await f.state(chat.id)).toMatchObject({ category: 'scheduled', snoozedUntil: until })
      })
    }
  })

  test('calls colleagues to a conversation in its thread and on their screens', async () => {
    const agent = await app.as('agent')
    const id = await f.flow('opened', [act('notify', { staffIds: [agent.id], text: 'Please look' })])
    await during([id], async () => {
      const chat = await f.chat()
      const [told] = (await f.events('notice.given')).filter(row => row.conversation_id === chat.id)
      expect(told).toMatchObject({ actor_id: id, payload: { staffIds: [agent.id] } })
    })
  })
})

describe('a wait', () => {
  test('ends at its time, to the second, and the flow goes on behind it', async () => {
    const id = await f.flow('opened', [tag('a'), wait(2, 'hours'), tag('b')])
    await during([id], async () => {
      const chat = await f.chat()
      expect(await f.runs(id)).toMatchObject([
        { state: 'waiting', place: 'steps.1', wakeAt: new Date(app.clock.now.getTime() + 7_200_000) },
      ])
      app.clock.advance(7_199)
      await f.quiet()
      expect(await f.tags(chat.id)).toEqual(['a'])
      app.clock.advance(1)
      await f.quiet()
      expect(await f.tags(chat.id)).toEqual(['a', 'b'])
      expect(await f.runs(id)).toMatchObject([{ state: 'done' }])
    })
  })

  test('that asks again gives way to what people did meanwhile', async () => {
    const id = await f.flow('opened', [wait(1, 'hours', { onlyIfStill: true }), tag('still')], {
      condition: isOpen,
    })
    await during([id], async () => {
      const [kept, ended] = [await f.chat(), await f.chat()]
      await admin.put(`/conversations/${ended.id}/status`, { category: 'resolved' })
      hours(1)
      await f.quiet()
      expect(await f.tags(kept.id)).toEqual(['still'])
      expect(await f.tags(ended.id)).toEqual([])
      expect(await f.runs(id)).toMatchObject([{ state: 'done' }, { state: 'stopped', ending: 'no_longer' }])
    })
  })

  test('is over when the customer writes, where it says so', async () => {
    const id = await f.flow('opened', [wait(7, 'days', { orUntil: 'customer_wrote' }), tag('wrote')])
    await during([id], async () => {
      const [chat, silent] = [await f.chat(), await f.chat()]
      await f.reply(chat.id)
      await f.quiet()
      expect(await f.tags(chat.id)).toEqual([])
      await chat.visitor.say('Hello?')
      await f.quiet()
      expect(await f.tags(chat.id)).toEqual(['wrote'])
      expect(await f.tags(silent.id)).toEqual([])
    })
  })

  test('in business hours ends within those of the store', async () => {
    const calendar = (
      await admin.post('/calendars', {
        ...{ name: 'Office', zone: 'UTC' },
        weekly: { 1: [{ from: '09:00', to: '17:00' }], 2: [{ from: '09:00', to: '17:00' }] },
      })
    ).body as { id: string }
    await admin.patch(`/stores/${f.store.id}`, { calendarId: calendar.id })
    app.clock.now = new Date('2026-01-05T16:30:00Z')
    const id = await f.flow('opened', [wait(1, 'business_hours'), tag('late')])
    await during([id], async () => {
      await f.chat()
      expect(await f.runs(id)).toMatchObject([{ wakeAt: new Date('2026-01-06T09:30:00Z') }])
    })
    await admin.patch(`/stores/${f.store.id}`, { calendarId: null })
  })

  test('of a flow that was switched off ends with nothing done', async () => {
    const id = await f.flow('opened', [wait(1, 'hours'), tag('late')])
    const chat = await f.chat()
    await f.off(id)
    hours(1)
    await f.quiet()
    expect(await f.tags(chat.id)).toEqual([])
    expect(await f.runs(id)).toMatchObject([{ state: 'stopped', ending: 'flow_off' }])
  })

  test('goes on by the version it began with', async () => {
    const id = await f.flow('opened', [wait(1, 'hours'), tag('old')])
    await during([id], async () => {
      const before = await f.chat()
      await admin.patch(`/flows/${id}`, {
        draft: { trigger: { code: 'opened' }, steps: [wait(1, 'hours'), tag('new')] },
      })
      const drawn = await f.chat()
      await admin.put(`/flows/${id}/publication`, {})
      const after = await f.chat()
      hours(1)
      await f.quiet()
      expect([await f.tags(before.id), await f.tags(drawn.id), await f.tags(after.id)]).toEqual([
        ...[['old'], ['old'], ['new']],
      ])
    })
  })
})

describe('a run', () => {
  test('whose work the database throws out does all of it or nothing, and says its word once', async () => {
    const id = await f.flow('opened', [act('reply', { text: 'Once' }), tag('after')])
    await during([id], async () => {
      await app.place.pool.query('create sequence if not exists flow_failures')
      await app.place.pool.query(`create or replace function fail_twice() returns trigger language plpgsql as $$
        begin if nextval('flow_failures') <= 2 then raise exception 'killed'; end if; return new; end $$`)
      await app.place.pool.query(
        'create trigger fail before insert on flow_steps for each row execute function fail_twice()',
      )
      const chat = await f.chat()
      for (let n = 0; n < 3; n++) {
        app.clock.advance(60)
        await f.quiet()
      }
      await app.place.pool.query('drop trigger fail on flow_steps')
      expect(await f.said(chat.id)).toHaveLength(1)
      expect(await f.tags(chat.id)).toEqual(['after'])
      const [run] = await f.runs(id)
      expect(await f.steps(run!.id)).toEqual(['steps.0 done', 'steps.1 done'])
    })
  })

  test('that fails again and again is left to a person, with the reason, and the others go on', async () => {
    const [bad, good] = [await f.flow('opened', [tag('bad')]), await f.flow('opened', [tag('good')])]
    await during([bad, good], async () => {
      await app.place.pool.query(`create or replace function fail_always() returns trigger language plpgsql as $$
        begin if (select flow_id from flow_runs where id = new.run_id) = '${bad}' then raise exception 'no luck'; end if; return new; end $$`)
      await app.place.pool.query(
        'create trigger fail before insert on flow_steps for each row execute function fail_always()',
      )
      const chat = await f.chat()
      for (let n = 0; n < 6; n++) {
        app.clock.advance(60)
        await f.quiet()
      }
      await app.place.pool.query('drop trigger fail on flow_steps')
      expect(await f.tags(chat.id)).toEqual(['good'])
      expect(await f.runs(bad)).toMatchObject([{ state: 'failed', ending: 'error', attempts: 5 }])
      expect((await f.runs(bad))[0]!.reason).toContain('no luck')
    })
  })
})
