import { describe, expect, test } from 'vitest'
import { estimateText, openingText } from '../ui/notices.tsx'
import { en } from './en.ts'
import { chooseLocale, type Language, languageOf, languages, loadTexts, speak } from './locales.ts'

const all = Object.keys(languages) as Language[]
const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

describe('the languages', () => {
  test.each(all)('%s has every text of the English, with the same slots', async language => {
    const texts = await loadTexts(language)
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort())
    for (const [key, text] of Object.entries(texts)) {
      const english = en[key as keyof typeof en]
      if (typeof text === 'string') {
        expect(text.trim(), key).not.toBe('')
        expect(slots(text), `${language} ${key}`).toEqual(slots(english as string))
      } else expect(slots(text.other), `${language} ${key}`).toEqual(['{n}'])
    }
  })

  test.each(all)('%s has a form for every number it counts with', async language => {
    const texts = await loadTexts(language)
    const forms = new Intl.PluralRules(language)
      .resolvedOptions()
      .pluralCategories.filter(form => form !== 'other')
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text === 'string') continue
      // Romance languages have a form for round millions, which no queue has.
      for (const form of forms)
        if (form !== 'many' || language === 'ar') expect(text, `${language} ${key}`).toHaveProperty(form)
    }
  })

  test('nothing but English is left in English', async () => {
    const same = {
      de: ['name'],
      fr: ['message', 'conversation'],
      ja: [],
      zh: [],
      es: [],
      pt: [],
      ar: [],
    } as Record<string, string[]>
    for (const language of all.filter(code => code !== 'en')) {
      const texts = await loadTexts(language)
      for (const [key, text] of Object.entries(texts))
        if (text === en[key as keyof typeof en])
          expect([...(same[language] ?? []), 'emoji', 'email'], `${language} ${key}`).toContain(key)
    }
  })
})

describe('choosing a language', () => {
  test.each([
    [['', 'de-AT', 'en'], 'de-AT'],
    [['tlh', 'zh_CN', 'en'], 'zh-CN'],
    [['PT-br-u-nu-latn'], 'pt-BR'],
    [['nl', 'ko'], null],
    [['en', 'de-CH', 'en-GB'], 'en-GB'],
    [['en-US', 'en-GB'], 'en-US'],
    [['not a tag', undefined, null, 'fr'], 'fr'],
  ])('%j gives %s', (wishes, chosen) => {
    expect(chooseLocale(wishes)).toBe(chosen)
  })

  test('a tag that only looks like one is no language', () => {
    expect([languageOf('toString'), languageOf('constructor'), languageOf('en-GB'), languageOf('*')]).toEqual(
      [null, null, 'en', null],
    )
  })
})

describe('speaking', () => {
  test('Arabic counts in its six forms and its own digits', async () => {
    const speech = speak('ar-EG', await loadTexts('ar'))
    expect([1, 2, 3, 11].map(n => speech.count('aboutMinutes', n))).toEqual([
      'حوالي دقيقة واحدة',
      'حوالي دقيقتين',
      'حوالي ٣ دقائق',
      'حوالي ١١ دقيقة',
    ])
    expect(speech.dir).toBe('rtl')
  })

  test('the estimate is honest', async () => {
    const speech = speak('en', await loadTexts('en'))
    expect([null, 20, 60, 61, 170].map(seconds => estimateText(speech, seconds))).toEqual([
      'We cannot estimate the waiting time yet.',
      'less than a minute',
      'about 1 minute',
      'about 2 minutes',
      'about 3 minutes',
    ])
  })

  test('the shop opens by the visitor’s calendar', async () => {
    const speech = speak('en-GB', await loadTexts('en'))
    const now = new Date(2026, 10, 21, 23, 30)
    const at = (day: number, hour: number) =>
      openingText(speech, new Date(2026, 10, day, hour).toISOString(), now)
    expect(at(21, 23)).toBe('We open today at 23:00, your time.')
    expect(at(22, 0)).toBe('We open tomorrow at 00:00, your time.')
    expect(at(23, 9)).toContain('Monday')
  })

  test('the shop’s own wording goes before ours, and slots are filled as text', async () => {
    const speech = speak('en', await loadTexts('en'), { 'chat.greeting': 'Ahoy {store} {nothing}!' })
    expect(speech.say('greeting', { store: '{store} $& <b>' })).toBe('Ahoy {store} $& <b> {nothing}!')
    expect([speech.own('greeting') !== null, speech.own('ended'), speech.own('title')]).toEqual([
      true,
      null,
      null,
    ])
  })
})
