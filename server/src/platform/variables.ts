import type { Ctx } from './context.ts'
import { invalid } from './errors.ts'

export type VariableName = { code: string; zh: string; en: string }

/**
 * What a text about a kind of record may name, as `{{order.number}}` or, where there may be nothing,
 * `{{order.number|your order}}`. All names of a source begin with its word and a dot.
 */
export type VariableSource = {
  record: string
  word: string
  names: (ctx: Ctx) => Promise<readonly VariableName[]>
  /** What they stand for in this record, in the words of its customer; nothing is null. */
  read: (ctx: Ctx, id: string) => Promise<ReadonlyMap<string, string | null>>
}
export type VariableSources = ReadonlyMap<string, readonly VariableSource[]>

/** All sources by record. A word said twice is a mistake of ours. */
export function variableSourcesOf(said: readonly VariableSource[]): VariableSources {
  const words = new Set(said.map(({ record, word }) => `${record} ${word}`))
  if (words.size < said.length) throw new Error('Two sources of variables share a word')
  return Map.groupBy(said, ({ record }) => record)
}

export async function listVariables(ctx: Ctx, record: string): Promise<VariableName[]> {
  const named: VariableName[] = []
  for (const source of sourcesOf(ctx, record)) named.push(...(await source.names(ctx)))
  return named
}

/** Every variable of one record with what it stands for there. */
export async function readVariables(ctx: Ctx, record: string, id: string) {
  const read: (VariableName & { value: string | null })[] = []
  for (const source of sourcesOf(ctx, record)) {
    const values = await source.read(ctx, id)
    for (const name of await source.names(ctx))
      read.push({ ...name, value: values.get(name.code)?.trim() || null })
  }
  return read
}

/** Refuses a text that names what no module has. */
export async function checkVariables(ctx: Ctx, record: string, text: string) {
  const named = partsOf(text).filter(part => typeof part !== 'string')
  if (named.length === 0) return
  const known = new Set((await listVariables(ctx, record)).map(({ code }) => code))
  refuseUnknown(named.map(({ code }) => code).filter(code => !known.has(code)))
}

/**
 * The text with what its variables stand for. What is put in is text and not looked at again. Refused where a name
 * is unknown, or where there is nothing to put in and the text does not say what else: no customer reads a hole.
 */
export async function fillVariables(ctx: Ctx, record: string, id: string, text: string): Promise<string> {
  const parts = partsOf(text)
  const named = parts.filter(part => typeof part !== 'string')
  if (named.length === 0) return text
  const words = new Set(named.map(({ code }) => wordOf(code)))
  const values = new Map<string, string | null>()
  for (const { word, read } of sourcesOf(ctx, record))
    if (words.has(word)) for (const [code, value] of await read(ctx, id)) values.set(code, value)
  refuseUnknown(named.map(({ code }) => code).filter(code => !values.has(code)))

  const wordsFor = ({ code, fallback }: Named) => values.get(code)?.trim() || fallback
  const empty = named.filter(part => wordsFor(part) === '').map(({ code }) => code)
  if (empty.length > 0)
    throw invalid('empty_variable', `There is nothing to put in for ${empty[0]}.`, { names: unique(empty) })
  return parts.map(part => (typeof part === 'string' ? part : wordsFor(part))).join('')
}

/** Refuses what somebody typed and forgot to have filled in; other braces are his business. */
export function refuseUnfilled(ctx: Ctx, record: string, text: string) {
  const words = new Set(sourcesOf(ctx, record).map(({ word }) => word))
  const left = [...text.matchAll(braces)]
    .map(([, inside]) => nameOf(inside!))
    .filter(({ code }) => words.has(wordOf(code)))
  if (left.length > 0)
    throw invalid('unfilled_variable', `${left[0]!.code} is not filled in.`, {
      names: unique(left.map(({ code }) => code)),
    })
}

type Named = { code: string; fallback: string }

const braces = /\{\{([^{}]*)\}\}/g

function partsOf(text: string): (string | Named)[] {
  // Split by a pattern with one group: what stood within the braces is every second piece.
  const parts = text.split(braces).map((piece, n) => (n % 2 === 0 ? piece : nameOf(piece)))
  const broken = parts.find(part => typeof part === 'string' && part.includes('{{'))
  if (broken !== undefined)
    throw invalid('malformed_variable', 'Two braces are opened here and not closed around a name.')
  return parts
}

function nameOf(inside: string): Named {
  const bar = inside.indexOf('|')
  return bar < 0
    ? { code: inside.trim(), fallback: '' }
    : { code: inside.slice(0, bar).trim(), fallback: inside.slice(bar + 1).trim() }
}

function refuseUnknown(codes: string[]) {
  if (codes.length > 0)
    throw invalid('unknown_variable', `There is no variable ${codes[0]}.`, { names: unique(codes) })
}

const wordOf = (code: string) => code.split('.', 1)[0]!
const unique = (codes: string[]) => [...new Set(codes)]
const sourcesOf = (ctx: Ctx, record: string) => ctx.variables.get(record) ?? []
