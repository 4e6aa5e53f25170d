import { describe, expect, test } from 'vitest'
import type { MailDraft } from './api.ts'
import {
  editsOf,
  noEdits,
  onceEach,
  optionsOf,
  othersLeft,
  readCorrespondent,
  spellCorrespondent,
  suppressedAmong,
  unreadable,
} from './recipients.ts'

const ana = { name: 'Ana Lopes', address: 'ana@buyer.example' }
const klaus = { name: '', address: 'klaus@buyer.example' }
const draft = {
  to: [ana],
  others: [klaus, { name: 'Carla', address: 'carla@buyer.example' }],
  suppressed: [{ address: 'ana@buyer.example', reason: 'hard_bounce' }],
} as unknown as MailDraft

describe('who is typed', () => {
  test.each([
    ['ana@buyer.example', { name: '', address: 'ana@buyer.example' }],
    [' Ana Lopes <Ana@Buyer.example> ', ana],
    ['"Lopes, Ana" <ana@buyer.example>', { name: 'Lopes, Ana', address: 'ana@buyer.example' }],
    ['李静 <lijing@qq.com>', { name: '李静', address: 'lijing@qq.com' }],
    ['ana', null],
    ['ana@', null],
    ['ana@buyer', null],
    ['ana @buyer.example', null],
    ['ana@buyer.example, klaus@buyer.example', null],
    ['Ana <ana@buyer.example> x', null],
    ['', null],
  ])('%j', (typed, read) => {
    expect(readCorrespondent(typed)).toEqual(read)
  })

  test('is read again as he is spelled', () => {
    for (const one of [ana, klaus, { name: '李静', address: 'lijing@qq.com' }])
      expect(readCorrespondent(spellCorrespondent(one))).toEqual(one)
  })

  test('twice is there once', () => {
    expect(onceEach(['Ana <ana@x.example>', 'ANA@x.example', ' ', 'nobody', 'nobody'])).toEqual([
      'Ana <ana@x.example>',
      'nobody',
    ])
  })
})

describe('what the server is told', () => {
  test('is nothing where nothing was changed', () => {
    expect(optionsOf(noEdits)).toBeUndefined()
  })

  test('is only what was changed', () => {
    expect(optionsOf({ ...noEdits, cc: ['Klaus <klaus@buyer.example>'] })).toEqual({
      cc: [{ name: 'Klaus', address: 'klaus@buyer.example' }],
      bcc: [],
    })
    expect(optionsOf({ ...noEdits, subject: ' Your order ' })).toMatchObject({ subject: 'Your order' })
  })

  test('comes back as it was when the reply is taken back', () => {
    const edits = {
      to: ['Ana Lopes <ana@buyer.example>'],
      cc: ['klaus@buyer.example'],
      bcc: [],
      subject: 'Re: x',
    }
    expect(editsOf(optionsOf(edits))).toEqual(edits)
    expect(editsOf(undefined)).toEqual(noEdits)
  })
})

test('others are offered until they are written to', () => {
  expect(othersLeft(draft, noEdits)).toHaveLength(2)
  expect(othersLeft(draft, { ...noEdits, cc: ['Klaus <KLAUS@buyer.example>'] })).toEqual([draft.others[1]])
})

test('an address is warned of while it is written to', () => {
  expect(suppressedAmong(draft, noEdits)).toHaveLength(1)
  expect(suppressedAmong(draft, { ...noEdits, to: ['klaus@buyer.example'] })).toEqual([])
})

test('what is no address is found in every field', () => {
  expect(unreadable({ ...noEdits, to: ['ana'], bcc: ['ok@x.example', 'b@'] })).toEqual(['ana', 'b@'])
})
