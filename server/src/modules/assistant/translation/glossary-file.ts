import { NewGlossaryTerm } from './schemas.ts'

const columns = ['from', 'to', 'term', 'translation', 'case_sensitive', 'locked'] as const

type Row = NewGlossaryTerm & { id?: string }

/** As RFC 4180 has it. What a spreadsheet would take for a formula gets an apostrophe before it, and loses it again. */
export function writeGlossary(terms: readonly Row[]): string {
  const lines = terms.map(term =>
    [
      term.fromLanguage ?? '',
      term.toLanguage ?? '',
      term.term,
      term.translation ?? '',
      term.isCaseSensitive ? 'yes' : '',
      term.isLocked ? 'yes' : '',
    ]
      .map(quote)
      .join(','),
  )
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

/** A line that is not understood is told and passed over; of two for the same term the later holds. */
export function readGlossary(csv: string) {
  const [head = [], ...rows] = readCsv(csv.replace(/^\ufeff/, ''))
  const places = columns.map(column => head.findIndex(cell => cell.trim().toLowerCase() === column))
  const refused: { line: number; reason: string }[] = []
  const terms = new Map<string, NewGlossaryTerm>()
  if (places[2] === -1) return { terms: [], refused: [{ line: 1, reason: 'no_term_column' }] }
  for (const [n, row] of rows.entries()) {
    if (row.every(cell => cell.trim() === '')) continue
    const [from, to, term, translation, isCaseSensitive, isLocked] = places.map(at =>
      at < 0 ? '' : plain(row[at] ?? ''),
    )
    const read = NewGlossaryTerm.safeParse({
      fromLanguage: from || null,
      toLanguage: to || null,
      term,
      translation: translation || null,
      isCaseSensitive: isYes(isCaseSensitive!),
      isLocked: isYes(isLocked!),
    })
    if (read.success) terms.set(JSON.stringify([from, to, read.data.term]), read.data)
    else refused.push({ line: n + 2, reason: String(read.error.issues[0]!.path[0]) })
  }
  return { terms: [...terms.values()], refused }
}

const isFormula = (cell: string) => cell !== '' && '=+-@\t\r'.includes(cell[0]!)
const quote = (cell: string) => `"${(isFormula(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`
const plain = (cell: string) => (cell[0] === "'" && isFormula(cell.slice(1)) ? cell.slice(1) : cell).trim()
const isYes = (cell: string) => ['yes', 'true', '1', '是'].includes(cell.toLowerCase())

function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (sign === '"' && cell === '') isQuoted = true
    else if (sign === ',' || sign === '\n') {
      rows.at(-1)!.push(cell)
      cell = ''
      if (sign === '\n') rows.push([])
    } else if (sign !== '\r') cell += sign
  }
  rows.at(-1)!.push(cell)
  return rows
}
