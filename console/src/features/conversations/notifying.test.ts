import { describe, expect, test } from 'vitest'
import type { ConversationRow } from './api.ts'
import {
  concerns,
  kindOfNotice,
  type NoticeKind,
  type NotificationSettings,
  noticeKinds,
  waysNow,
} from './notifying.ts'

const me = 'me'
const loud = { sound: true, desktop: true, title: true }
const settings: NotificationSettings = {
  ways: Object.fromEntries(noticeKinds.map(kind => [kind, loud])) as NotificationSettings['ways'],
  ...{ volume: 60, quietWhileLooking: true, doNotDisturb: null },
}
const row = (assigneeId: string | null, category = 'open') =>
  ({
    assignee: assigneeId && { id: assigneeId, name: assigneeId },
    status: { category, label: null, waitingFor: null },
  }) as ConversationRow

describe('who is told of what', () => {
  test.each<[string, Parameters<typeof kindOfNotice>[0], NoticeKind | null]>([
    ['what was given to him', { name: 'conversation.assigned', staffId: me, byId: 'boss' }, 'assigned'],
    ['not what he took himself', { name: 'conversation.assigned', staffId: me, byId: me }, null],
    ['not what a colleague got', { name: 'conversation.assigned', staffId: 'other', byId: 'boss' }, null],
    ['where he was mentioned', { name: 'mention.made', staffId: me, byId: 'other' }, 'mention'],
    ['where a rule calls him', { name: 'notice.given', byId: null }, 'mention'],
    ['what a customer wrote', { name: 'message.added', kind: 'customer', byId: null }, 'customer_wrote'],
    ['a note of a colleague', { name: 'message.added', kind: 'note', byId: 'other' }, 'whisper'],
    ['not his own note', { name: 'message.added', kind: 'note', byId: me }, null],
    ['not a reply', { name: 'message.added', kind: 'reply', byId: 'other' }, null],
    [
      'a clock that calls for him',
      { name: 'escalation.raised', kind: 'first_response', byId: null },
      'escalation',
    ],
    ['what came into the queue', { name: 'conversation.opened', byId: null }, 'queued'],
    ['not what was only read', { name: 'conversation.read', byId: 'other' }, null],
  ])('%s', (_, event, kind) => expect(kindOfNotice(event, me)).toBe(kind))

  test('only as long as it is his, or anybody’s', () => {
    for (const kind of ['assigned', 'customer_wrote', 'whisper'] as const) {
      expect(concerns(kind, row(me), me)).toBe(true)
      expect(concerns(kind, row('other'), me)).toBe(false)
    }
    expect(concerns('queued', row(null), me)).toBe(true)
    expect(concerns('queued', row('other'), me)).toBe(false)
    expect(concerns('queued', row(null, 'resolved'), me)).toBe(false)
    expect(concerns('mention', row('other'), me)).toBe(true)
    expect(concerns('escalation', row('other'), me)).toBe(true)
  })
})

describe('by what he is told', () => {
  const at = (time: string, over: Partial<NotificationSettings> = {}, isLooking = false) =>
    waysNow('mention', { ...settings, ...over }, { isLooking, time })
  const night = { doNotDisturb: { from: '22:00', to: '07:00' } }

  test('as he said of the kind', () => {
    const ways = { ...settings.ways, mention: { sound: false, desktop: true, title: false } }
    expect(at('12:00', { ways })).toEqual({ sound: false, desktop: true, title: false })
  })

  test('by nothing while he looks at it, unless he wants it all the same', () => {
    expect(at('12:00', {}, true)).toEqual({ sound: false, desktop: false, title: false })
    expect(at('12:00', { quietWhileLooking: false }, true)).toEqual(loud)
  })

  test.each([
    ['21:59', true],
    ['22:00', false],
    ['03:00', false],
    ['06:59', false],
    ['07:00', true],
  ])('at %s aloud: %s, where the night is his own', (time, sound) => {
    expect(at(time, night)).toEqual({ sound, desktop: sound, title: true })
  })

  test('not at noon, where noon is his own', () => {
    const noon = { doNotDisturb: { from: '12:00', to: '13:00' } }
    expect([at('12:30', noon).sound, at('13:00', noon).sound]).toEqual([false, true])
  })
})
