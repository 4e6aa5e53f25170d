/**
 * Text a person may look for, as words. Scripts written without spaces give single characters and bigrams, so a
 * two-character Chinese word is one look-up; all others give whole words. Both sides of a search are folded alike:
 * NFKC, lower case, without accents.
 */
export function searchWords(text: string): string[] {
  const words = new Set<string>()
  for (const { run, isDense } of runsOf(text)) {
    if (!isDense) words.add(run)
    else for (const piece of [...run, ...bigramsOf(run)]) words.add(piece)
  }
  return [...words]
}

/** The literal of a tsvector without positions: cast it, `${toVector(words)}::tsvector`. Words past its 1 MB limit are left out. */
export function toVector(words: readonly string[]): string {
  const literals: string[] = []
  let room = vectorBytes
  for (const word of words) {
    const literal = quote(word)
    room -= Buffer.byteLength(literal) + bytesPerEntry
    if (room < 0) break
    literals.push(literal)
  }
  return literals.join(' ')
}

/**
 * What must be in a text for it to be found by `input`, as the literal of a tsquery (cast it: `::tsquery`), or null when
 * the input holds no letter or digit. The last word counts as the beginning of one, since it may be half typed.
 */
export function searchQuery(input: string): string | null {
  const runs = [...runsOf(input)].slice(0, mostRuns)
  const terms = runs.flatMap(({ run, isDense }, place) => {
    if (isDense) return (bigramsOf(run).length > 0 ? bigramsOf(run) : [run]).map(quote)
    return [place === runs.length - 1 ? `${quote(run)}:*` : quote(run)]
  })
  return terms.length > 0 ? [...new Set(terms)].join(' & ') : null
}

/** One spelling for what people type differently: Zürich and zurich, Ｓ and s, Łukasz and lukasz. Idempotent. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(accents, '')
    .replace(spellings, letter => spelledAs[letter] ?? letter)
    .normalize('NFC')
}

/** Whether some of the text is in a script written without spaces. */
export const isDenseText = (text: string) => dense.test(text)

export function bigramsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, before) => characters[before] + character)
}

type Run = { run: string; isDense: boolean; at: number }

/** The runs of letters and digits in a text that was folded, each with where it begins; a long word is cut. */
export function* runsIn(folded: string): Generator<Run> {
  for (const { 0: run, 1: denseRun, index: at } of folded.matchAll(runs)) {
    yield denseRun
      ? { run, isDense: true, at }
      : { run: [...run].slice(0, longestWord).join(''), isDense: false, at }
  }
}

const runsOf = (text: string) => runsIn(foldText(text))

/** A word as tsvector and tsquery spell it. */
export const quote = (word: string) => `'${word.replace(/['\\]/g, '$&$&')}'`

// A tsvector holds less than 1 MB of words, a word less than 2 KB.
const vectorBytes = 900_000
const bytesPerEntry = 4
const longestWord = 60
const mostRuns = 16

// Only of scripts whose accents people leave out when typing; kana and Indic marks change the letter.
const accents = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g
const spelledAs: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
const spellings = new RegExp(`[${Object.keys(spelledAs).join('')}]`, 'g')

const dense =
  /[[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{M}\p{N}]]/v
const runs = new RegExp(`(${dense.source}+)|[[\\p{L}\\p{M}\\p{N}]--${dense.source}]+`, 'gv')
