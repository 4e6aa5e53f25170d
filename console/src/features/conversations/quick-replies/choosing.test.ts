import { expect, test } from 'vitest'
import type { QuickReply } from './api.ts'
import { findQuickReplies, wordsIn } from './choosing.ts'

const reply = (shortcut: string, over: Partial<QuickReply> = {}): QuickReply => ({
  ...{ id: shortcut, shortcut, title: shortcut, text: '', language: null, translations: [], category: '' },
  ...{ storeId: null, isPersonal: false, files: [], steps: [], sendsAtOnce: false, uses: 0, version: 1 },
  ...over,
})
const at = { store: { id: 's1', name: 'One' }, language: 'de' }
const found = (all: QuickReply[], search: string) => findQuickReplies(all, search, at).map(({ id }) => id)

test('a shortcut comes before a title or category, those before a text', () => {
  const all = [
    reply('a', { text: 'track it' }),
    reply('b', { title: 'Tracking' }),
    reply('track'),
    reply('c', { category: 'Tracking' }),
  ]
  expect(found(all, 'track')).toEqual(['track', 'b', 'c', 'a'])
})

test('the customer’s language comes first, then what is used most, other stores not at all', () => {
  const translations = [{ language: 'de', title: 'T', text: 'T' }]
  const all = [
    reply('en', { language: 'en', uses: 9 }),
    reply('x', { storeId: 's2' }),
    reply('de', { language: 'de-AT' }),
    reply('both', { language: 'en', translations, uses: 3 }),
    reply('s', { storeId: 's1' }),
  ]
  expect(found(all, '')).toEqual(['both', 'de', 's', 'en'])
})

test('what it says is shown in the customer’s language, else as it was written', () => {
  const translations = [{ language: 'zh-CN', title: '问候', text: '您好' }]
  const hello = reply('hello', { title: 'Greeting', text: 'Hello', language: 'en', translations })
  expect(wordsIn(hello, 'zh')).toMatchObject({ title: '问候', text: '您好' })
  expect(wordsIn(hello, 'fr')).toMatchObject({ title: 'Greeting', text: 'Hello' })
  expect(wordsIn(hello, null)).toMatchObject({ text: 'Hello' })
})
