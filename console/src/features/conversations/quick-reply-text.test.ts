import { expect, test } from 'vitest'
import type { QuickReply } from './api.ts'
import { fillIn, findQuickReplies } from './quick-reply-text.ts'

const reply = (shortcut: string, over: Partial<QuickReply> = {}): QuickReply => ({
  id: shortcut,
  shortcut,
  title: shortcut,
  text: '',
  language: null,
  storeId: null,
  isPersonal: false,
  ...over,
})
const at = { store: { id: 's1', name: 'One' }, language: 'de' }
const found = (all: QuickReply[], search: string) => findQuickReplies(all, search, at).map(({ id }) => id)

test('names in double braces are filled in, unknown ones stay', () => {
  const values = { customer: '王晓雯', agent: 'Lin', store: 'One', number: '7' }
  expect(fillIn('{{customer}}, {{ agent }} ({{order}}) $& #{{number}}', values)).toBe(
    '王晓雯, Lin ({{order}}) $& #7',
  )
})

test('a shortcut comes before a title, a title before a text', () => {
  const all = [reply('a', { text: 'track it' }), reply('b', { title: 'Tracking' }), reply('track')]
  expect(found(all, 'track')).toEqual(['track', 'b', 'a'])
})

test('the customer’s language comes first, other stores not at all', () => {
  const all = [
    reply('en', { language: 'en' }),
    reply('x', { storeId: 's2' }),
    reply('de', { language: 'de-AT' }),
    reply('s', { storeId: 's1' }),
  ]
  expect(found(all, '')).toEqual(['de', 's', 'en'])
})
