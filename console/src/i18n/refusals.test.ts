import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { refusals as en } from './en/refusals.ts'
import { refusals as zh } from './zh/refusals.ts'

const server = path.resolve(import.meta.dirname, '../../../server/src')

/** Met only by the widget, by programs, or by a console that is itself at fault. */
const notForPeople = new Set([
  'channel_closed',
  'file_missing',
  'identity_invalid',
  'identity_required',
  'invalid_json',
  'not_multipart',
  'route_not_found',
  'signature_invalid',
  'too_deep',
  'visitor_session_over',
])

test('every refusal of the server has its words in both languages', () => {
  const codes = sourcesIn(server).flatMap(codesIn)
  expect(codes.length).toBeGreaterThan(60)
  const wordless = codes.filter(
    code => !notForPeople.has(code) && !(code in en.refusal && code in zh.refusal),
  )
  expect([...new Set(wordless)].sort()).toEqual([])
})

const makers = new Set(['unauthorized', 'forbidden', 'conflict', 'invalid', 'unavailable'])

/** The codes a file refuses with; what is not found answers `not_found`, whatever it was. */
function codesIn(file: string) {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  const codes: string[] = []
  const look = (node: ts.Node) => {
    const code =
      ts.isCallExpression(node) && ts.isIdentifier(node.expression) && makers.has(node.expression.text)
        ? node.arguments[0]
        : ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Refusal'
          ? node.arguments?.[1]
          : undefined
    if (code && ts.isStringLiteralLike(code)) codes.push(code.text)
    ts.forEachChild(node, look)
  }
  look(source)
  return codes
}

const sourcesIn = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) return sourcesIn(full)
    return full.endsWith('.ts') && !full.endsWith('.test.ts') ? [full] : []
  })
