/** The languages Afar's customers write; asked to choose among these, the detector is seldom wrong. */
const only = ['zh', 'en', 'ja', 'ko', 'de', 'fr', 'es', 'pt', 'it', 'ru', 'ar', 'th', 'vi', 'nl']

const enough = 12
/** The cost grows with the length, the certainty hardly. */
const plenty = 120

/** Its tables take 50 MB, so they are read when the first text needs them. */
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
  detector ??= import('tinyld')
  const { detect } = await detector
  return detect(words, { only }) || null
}

/** Links and addresses are in no language, and look English. */
const withoutAddresses = (text: string) =>
  text
    .split(/\s+/)
    .filter(word => !word.includes('@') && !word.includes('://') && !word.startsWith('www.'))
    .join(' ')
