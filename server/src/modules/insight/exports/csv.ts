import { type Cell, type Sheet, textOf } from './sheet.ts'

const byteOrderMark = '\ufeff'

/** RFC 4180 with CRLF, in UTF-8 with the mark by which Excel knows it. */
export async function* csvOf({ columns, rows }: Sheet): AsyncGenerator<Buffer> {
  yield Buffer.from(byteOrderMark + lineOf(columns))
  for await (const row of rows) yield Buffer.from(lineOf(row))
}

const lineOf = (cells: readonly Cell[]) => `${cells.map(cellOf).join(',')}\r\n`

const cellOf = (cell: Cell) => {
  const text = typeof cell === 'number' ? String(cell) : harmless(textOf(cell).toWellFormed())
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A spreadsheet runs what begins so, full-width signs too (OWASP, CSV injection); an apostrophe makes it text. */
export const harmless = (text: string) => (/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text)
