import fc from 'fast-check'
import { type Document, type Operation, resolve, type Schema } from './requests.ts'

/** Stands in JSON text for what no value of JavaScript can say, such as a number beyond all bounds. */
const raw = (token: string) => `@raw:${token}@`
const unquote = (text: string) => text.replaceAll(/"@raw:([^@]*)@"/g, '$1')

const words: string[] = [
  '',
  ' ',
  'NaN',
  'Infinity',
  'undefined',
  'true',
  '-0',
  "' or '1'='1",
  "'; drop table customers; --",
  '%',
  '_%\\',
  '\\',
  '$1',
  '{{7*7}}',
  '../../../etc/passwd',
  '%00',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\u202e\u2066مرحبا',
  '👩‍👩‍👧‍👦',
  'ﷺ'.repeat(50),
  'Z̮̞̠͙͔ͅa̰l͖g̀o̊',
  'x'.repeat(5_000),
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '0000-00-00',
  '+275760-09-13T00:00:00.001Z',
  '2026-02-30T25:61:61Z',
  '1e400',
  '9'.repeat(400),
  '١٢٣',
  'a@b',
  '"Robert\\" <a@b.c>',
  '+49',
  'javascript:alert(1)',
  'http://[::1]:99999/',
]
const numbers = [
  0,
  -1,
  1.5,
  1e-320,
  255,
  65_536,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e30,
  1e308,
]
const others: unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  { $gt: '' },
  { $ne: null },
  { length: 1e9 },
  { toString: 'x', valueOf: 1 },
  { toJSON: 'x' },
  raw('-0'),
  raw('1e400'),
  raw('-1e400'),
  raw('1'.repeat(400)),
  raw('0.'.padEnd(400, '1')),
]

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>(...words) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...numbers) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...others) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom<unknown>(...words), { maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom('x', '好', '\u0000', "'").map(letter => letter.repeat(100_000)) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('a', '', '$where', 'id', 'ключ'), fc.jsonValue(), {
      maxKeys: 4,
    }),
  },
)

type Change = { at: number; how: 'replace' | 'wrap' | 'remove' | 'add' | 'null'; value: unknown }
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('replace', 'replace', 'replace', 'replace', 'wrap', 'remove', 'add', 'null'),
  value: hostile,
})

/** How the text of a body is spoilt once it is written. */
const spoils: Record<string, (text: string) => string | Buffer> = {
  cut: text => text.slice(0, Math.max(1, text.length - 2)),
  empty: () => '',
  blank: () => ' \r\n\t',
  twice: text => text + text,
  nul: text => `${text}\u0000`,
  mark: text => `\ufeff${text}`,
  'no utf-8': text => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0xc0])]),
  'deep arrays': () => '['.repeat(10_000) + ']'.repeat(10_000),
  'deep objects': () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'deep within': text => text.replace(/:("[^"]*"|\d+|null)/, `:${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  prototype: text => text.replace('{', '{"__proto__":{"isAdmin":true},'),
  'escaped prototype': text => text.replace('{', '{"\\u005f_proto__":{"isAdmin":true},'),
  'a constructor': text => text.replace('{', '{"constructor":{"prototype":{"isAdmin":true}},'),
  'same key twice': text => text.replace(/\{("[^"]+"):/, '{$1:{"$gt":""},$1:'),
  'not JSON': text => text.replace(':', ':NaN,'),
  megabyte: () => `{"name":"${'x'.repeat(1_000_000)}"}`,
  'too large': () => `{"name":"${'x'.repeat(1_100_000)}"}`,
}

export type Spoilt = { changes: Change[]; spoil: keyof typeof spoils | null; type: string }

export const spoilt: fc.Arbitrary<Spoilt> = fc.record({
  changes: fc.array(change, { maxLength: 2 }),
  spoil: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(spoils)) },
  ),
  type: fc.oneof(
    { weight: 20, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/xml',
        'application/json; charset=utf-16',
        'x',
        'multipart/form-data',
      ),
    },
  ),
})

/** The bytes of a body that was good until the changes were made to it. */
export function spoil(good: unknown, { changes, spoil }: Spoilt): string | Buffer {
  let body = structuredClone(good)
  for (const { at, how, value: given } of changes) {
    // Copied, for the same value may come twice, and would be put into itself.
    const value = structuredClone(given)
    const places = placesIn(body)
    const place = places[at % Math.max(places.length, 1)]
    if (!place) {
      body = value
      continue
    }
    const { parent, key } = place
    const record = parent as Record<string, unknown>
    if (how === 'replace') record[key] = value
    else if (how === 'wrap') record[key] = [record[key]]
    else if (how === 'null') record[key] = null
    else if (how === 'remove') delete record[key]
    else record[typeof value === 'string' && value !== '' && value.length < 100 ? value : 'surplus'] = value
  }
  const text = unquote(JSON.stringify(body) ?? '')
  return spoil ? spoils[spoil]!(text) : text
}

function placesIn(value: unknown): { parent: object; key: string }[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => [{ parent: value, key }, ...placesIn(item)])
}

/** An address as it is, or with a place or parameter of it spoilt. */
export type SpoiltAddress = {
  at: number
  value: unknown
  queries: { at: number; value: unknown }[]
  isTwice: boolean
}
export const spoiltAddress: fc.Arbitrary<SpoiltAddress> = fc.record({
  at: fc.nat(12),
  value: hostile,
  queries: fc.array(fc.record({ at: fc.nat(12), value: hostile }), { maxLength: 2 }),
  isTwice: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
})

const written = (value: unknown) =>
  (typeof value === 'string' ? value.replace(/^@raw:(.*)@$/, '$1') : (JSON.stringify(value) ?? '')).slice(
    0,
    3_000,
  )

/** The query parameters a route knows, and one it does not, with hostile values; a cursor is often nearly right. */
export function spoiltQuery(
  operation: Operation,
  { queries, isTwice }: SpoiltAddress,
  cursor: string | null,
  goodQueries: Record<string, string>,
) {
  const good = operation.parameters.filter(({ in: place, required }) => place === 'query' && required)
  const names = [
    ...operation.parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name),
    'surplus',
  ]
  const pairs = queries.map(({ at, value }) => {
    const name = names[at % names.length]!
    return [name, name === 'cursor' && at % 3 !== 0 ? bentCursor(cursor, at, value) : written(value)] as const
  })
  for (const { name } of good)
    if (!pairs.some(([taken]) => taken === name)) pairs.push([name, goodQueries[name] ?? ''])
  return (isTwice ? [...pairs, ...pairs] : pairs).map(([name, value]) => `${name}=${encode(value)}`).join('&')
}

/** A cursor of ours with one value in it replaced; any JSON where there is none. */
function bentCursor(cursor: string | null, at: number, value: unknown) {
  const write = (json: unknown) => Buffer.from(JSON.stringify(json) ?? '').toString('base64url')
  try {
    const inside = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as unknown
    const places = placesIn(inside)
    const place = places[at % places.length]
    if (!place) return write(value)
    ;(place.parent as Record<string, unknown>)[place.key] = value
    return write(inside)
  } catch {
    return write(value)
  }
}

export const encode = (value: string) => encodeURIComponent(value.toWellFormed())
export const spoiltPlace = (value: unknown) => encode(written(value)) || '%20'

/** Whether a shape is an object with fields of its own, so that a surplus one can be told. */
export const fieldsOf = (schema: Schema | null, document: Document) =>
  schema ? Object.keys(resolve(schema, document).properties ?? {}) : []
