import { findPhoneNumbersInText } from 'libphonenumber-js'
import { findCardNumbers, maskedOf } from '../../../platform/card-numbers.ts'
import { languageOf } from '../../../platform/language.ts'
import { foldText, isDenseText } from '../../../platform/search-text.ts'
import type { Detector, RuleWords } from './tables.ts'

/** What is about to be said. */
export type Draft = Facts & { text: string; attachmentTypes: readonly string[] }

/** What is known of whom it is said to. */
export type Facts = {
  /** ISO 639-1; null where nobody knows what the customer reads. */
  customerLanguage: string | null
  /** Whether a promise to him has a clock that runs. */
  hasPromise: boolean
}

/** The pieces of the text that were found, as they stand there; empty where nothing was. */
export const detect: Record<Detector, (draft: Draft, words: RuleWords) => Promise<string[]> | string[]> = {
  link: ({ text }, { allowedHosts = [] }) =>
    linksIn(text).filter(link => !allowedHosts.some(host => isWithin(hostOf(link), host))),
  contact: ({ text }) => [...addressesIn(text), ...phonesIn(text), ...messengersIn(text)],
  words: ({ text }, { lists = [] }) => lists.flatMap(list => phrasesIn(text, list)),
  words_together: ({ text }, { lists = [] }) => {
    const found = lists.map(list => phrasesIn(text, list))
    return found.length > 0 && found.every(list => list.length > 0) ? found.flat() : []
  },
  only_thanks: ({ text }, { lists = [] }) => (isOnly(text, lists.flat()) ? [text.trim()] : []),
  decoration: ({ text, attachmentTypes }) => [
    ...(text.match(/\p{Extended_Pictographic}/gu) ?? []).filter(sign => !/[©®™\d#*]/.test(sign)),
    ...attachmentTypes.filter(type => type === 'image/gif'),
  ],
  card_number: ({ text }) => findCardNumbers(text).map(({ spelled }) => maskedOf(spelled)),
  unkept_promise: ({ text, hasPromise }, { lists = [] }) =>
    hasPromise ? [] : lists.flatMap(list => phrasesIn(text, list)),
  language: async ({ text, customerLanguage }) => {
    const written = customerLanguage ? await languageOf(text) : null
    return written && written !== customerLanguage!.toLowerCase().split('-')[0] ? [written] : []
  },
}

const linksIn = (text: string) => [
  ...(text.match(/\b(?:https?:\/\/|www\.)[^\s<>"'）】」]{2,500}/giu) ?? []),
  ...(text.match(bareHost) ?? []),
]

/** A name and one of the endings that shops have, not part of an address of mail or of a link that is found already. */
const bareHost =
  /(?<![@\w./-])[a-z0-9](?:[a-z0-9-]{0,62}\.){1,4}(?:com|net|org|shop|store|online|site|info|biz|io|co|me|cn|hk|tw|jp|kr|de|fr|it|es|uk|us|ca|au|br|mx)(?![\w.-]*[\w@])/giu

const hostOf = (link: string) =>
  link
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .split(/[/?#:]/)[0]!
const isWithin = (host: string, allowed: string) => host === allowed || host.endsWith(`.${allowed}`)

/** Also spelled out, to get past a machine: “name at gmail dot com”. */
const addressesIn = (text: string) => [
  ...(text.match(/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu) ?? []),
  ...(text.match(
    /[\w.+-]{2,64}\s?[([{]?\s?\bat\b\s?[)\]}]?\s?\w{2,63}\s?[([{]?\s?\bdot\b\s?[)\]}]?\s?\w{2,10}/giu,
  ) ?? []),
]

const phonesIn = (text: string) =>
  findPhoneNumbersInText(text).map(({ startsAt, endsAt }) => text.slice(startsAt, endsAt))

/** The name of a messenger with a name or number behind it. */
const messengersIn = (text: string) =>
  text.match(
    /(?:whats\s?app|we\s?chat|weixin|telegram|signal|skype|viber|line\s?id|微信|威信|薇信|加v|qq)\s{0,3}[:：号是]?\s{0,3}[+@]?[\w.+-]{4,40}/giu,
  ) ?? []

/** Phrases of the list that stand in the text as words; in scripts without spaces, anywhere. */
function phrasesIn(text: string, list: readonly string[]): string[] {
  const folded = foldText(text)
  const words = ` ${wordsOf(folded).join(' ')} `
  return list.filter(phrase => {
    const wanted = foldText(phrase)
    return isDenseText(wanted) ? folded.includes(wanted) : words.includes(` ${wordsOf(wanted).join(' ')} `)
  })
}

const wordsOf = (folded: string) => folded.match(/[\p{L}\p{N}\p{M}'’-]+/gu) ?? []

const longestThanks = 300

/** Whether nothing is left of the text once these phrases are gone. */
function isOnly(text: string, phrases: readonly string[]): boolean {
  if (text.trim() === '' || text.length > longestThanks) return false
  let left = foldText(text)
  const longestFirst = phrases.map(foldText).sort((a, b) => b.length - a.length)
  for (const phrase of longestFirst) left = left.replaceAll(phrase, ' ')
  return left !== foldText(text) && wordsOf(left).length === 0
}
