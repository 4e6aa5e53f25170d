/** The languages Afar's customers write; asked to choose among these, the detector is seldom wrong. */
const only = ['zh', 'en', 'ja', 'ko', 'de', 'fr', 'es', 'pt', 'it', 'ru', 'ar', 'th', 'vi', 'nl']

const enough = 12
/** The cost grows with the length, the certainty hardly. */
const plenty = 120

/** Its tables take 50 MB, and it a millisecond for each text: for those that common words do not tell. */
let detector: Promise<typeof import('tinyld')> | undefined

/** The language of a text, or null where it is too short to tell; two letters of ISO 639-1. */
export async function languageOf(text: string): Promise<string | null> {
  const words = withoutAddresses(text.slice(0, plenty * 3)).slice(0, plenty)
  if (/[\u3040-\u30ff]/.test(words)) return 'ja'
  if (/[\uac00-\ud7af]/.test(words)) return 'ko'
  if (/[\u4e00-\u9fff]/.test(words)) return 'zh'
  if (/[\u0400-\u04ff]{3}/.test(words)) return 'ru'
  if (/[\u0600-\u06ff]/.test(words)) return 'ar'
  if (/[\u0e00-\u0e7f]/.test(words)) return 'th'
  if (words.trim().length < enough) return null
  const told = byCommonWords(words)
  if (told) return told
  detector ??= import('tinyld')
  const { detect } = await detector
  return detect(words, { only }) || null
}

/** Words of which every second one in a sentence is, and which no other of these languages has. */
const commonWords = {
  en: 'the and you your have with this that not my are was been would please when where what how it can will from but they we has had our there',
  de: 'der das und ist nicht ich sie mit für auf ein eine einen mein meine meinen haben habe hat wir bitte wann auch noch kann wurde sind wird aber ihre ihnen mir',
  fr: 'les je vous nous est pas mon votre vos avec pour dans une et été cette bonjour merci quand où sont aux mes avez suis',
  es: 'el los y pero muy hola gracias cuando tengo quiero usted ustedes dónde ya también hasta todavía llegado mis estoy hace desde han',
  pt: 'não uma um meu minha meus você vocês em foi obrigado obrigada olá ainda muito pelo pela ao isso são estou já também',
  it: 'gli che di è sono mio mia della dello delle buongiorno grazie questo questa ho avete vorrei anche ancora nel alla ciao salve perché più',
  nl: 'het een niet voor mijn ik jullie naar maar ook nog heb heeft zijn graag wanneer waar dat deze bij geen wij uw',
}
const languageOfWord = new Map(
  Object.entries(commonWords).flatMap(([language, words]) => words.split(' ').map(word => [word, language])),
)
const enoughCommon = 3

/** The language whose words are there in a clear majority; a text of many languages, or of few words, is not told. */
function byCommonWords(text: string): string | null {
  const counts = new Map<string, number>()
  for (const word of new Set(text.toLowerCase().match(/\p{L}+/gu))) {
    const language = languageOfWord.get(word)
    if (language) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a)
  const least = Math.max(enoughCommon, 3 * (second?.[1] ?? 0))
  return first && first[1] >= least ? first[0] : null
}

/** Links and addresses are in no language, and look English. */
const withoutAddresses = (text: string) =>
  text
    .split(/\s+/)
    .filter(word => !word.includes('@') && !word.includes('://') && !word.startsWith('www.'))
    .join(' ')
