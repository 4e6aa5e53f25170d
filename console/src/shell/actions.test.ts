// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import { isPressed } from './actions.ts'
import { matches } from './command-bar.tsx'

const press = (over: Partial<KeyboardEvent>) =>
  ({
    key: '',
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    target: document.body,
    ...over,
  }) as KeyboardEvent

describe('keys', () => {
  test('with Alt are read by their place, as a Mac types a sign with them', () => {
    expect(isPressed('alt+j', press({ altKey: true, code: 'KeyJ', key: '∆' }))).toBe(true)
    expect(isPressed('alt+j', press({ code: 'KeyJ', key: 'j' }))).toBe(false)
    expect(isPressed('alt+j', press({ altKey: true, ctrlKey: true, code: 'KeyJ' }))).toBe(false)
  })

  test('Ctrl and ⌘ are one', () => {
    expect(isPressed('mod+k', press({ ctrlKey: true, code: 'KeyK' }))).toBe(true)
    expect(isPressed('mod+k', press({ metaKey: true, code: 'KeyK' }))).toBe(true)
  })

  test('? is a question mark while one types', () => {
    expect(isPressed('?', press({ key: '?' }))).toBe(true)
    expect(isPressed('?', press({ key: '?', target: document.createElement('textarea') }))).toBe(false)
  })
})

describe('the command bar', () => {
  test('finds by the beginnings of words, and Chinese anywhere', () => {
    expect(matches({ label: 'Next conversation' }, 'conv ne')).toBe(true)
    expect(matches({ label: 'Next conversation' }, 'vers')).toBe(false)
    expect(matches({ label: '跳到等待最久的客户' }, '等待')).toBe(true)
    expect(matches({ label: '切换到中文', words: 'language' }, 'lang')).toBe(true)
  })
})
