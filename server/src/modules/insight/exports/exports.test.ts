import { randomUUID } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Answer, startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { csvOf, harmless } from './csv.ts'
import type { Cell } from './sheet.ts'
import { xlsxOf } from './xlsx.ts'

const app = await startTestApp()
const store = await makeStore(app)
const supervisor = await app.as('supervisor')
const period = { from: '2026-01-01', to: '2026-01-31' }

type Export = { id: string; state: string; url: string | null; rowsDone: number; reason: string | null }

async function made(matter: unknown, format = 'csv', who = supervisor) {
  const { status, body } = (await who.post('/exports', { matter, format })) as Answer<Export>
  expect(status).toBe(201)
  await expect
    .poll(async () => ((await who.get(`/exports/${body.id}`)).body as Export).state, { timeout: 15_000 })
    .not.toMatch(/waiting|working/)
  return (await who.get(`/exports/${body.id}`)).body as Export
}
const fetched = async ({ url }: Export, who = supervisor) => who.get(url!.replace('/api', ''))

const attacks = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+49 30 901820',
  '-2+3',
  "@SUM(1+9)*cmd|' /C calc'!A0",
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠A1',
]

describe('a cell that a spreadsheet would run', () => {
  test.each(attacks)('is made text: %j', attack => {
    expect(harmless(attack)).toBe(`'${attack}`)
  })
  test.each([
    'Hello',
    'a=b',
    '1-2',
    'me@home.example',
    '您好',
    '',
  ])('and what is harmless stays: %j', text => {
    expect(harmless(text)).toBe(text)
  })
})

async function* rowsOf(...rows: Cell[][]) {
  yield* rows
}
const whole = async (parts: AsyncIterable<Buffer>) => Buffer.concat(await Array.fromAsync(parts))

describe('a file', () => {
  test('as CSV is RFC 4180 in UTF-8 with its mark, and numbers stay numbers', async () => {
    const text = String(
      await whole(
        csvOf({ columns: ['名', 'n'], rows: rowsOf(['a "b", c\nd', -5], ['=1+1', 0.5], [null, null]) }),
      ),
    )
    expect(text).toBe('\ufeff名,n\r\n"a ""b"", c\nd",-5\r\n\'=1+1,0.5\r\n,\r\n')
  })

  test('as XLSX holds text as text and numbers as numbers, and no formula', async () => {
    const bytes = await whole(
      xlsxOf({ columns: ['名'], rows: rowsOf(['=1+1', -5], ['<&>\u0001\ud800', null]) }),
    )
    const sheet = unzipped(bytes).get('xl/worksheets/sheet1.xml')!
    expect(sheet).toContain('<c t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c><c><v>-5</v></c>')
    expect(sheet).toContain('&lt;&amp;&gt;\ufffd')
    expect(sheet).not.toContain('<f>')
    expect([...unzipped(bytes).keys()]).toEqual([
      ...['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels'],
      'xl/worksheets/sheet1.xml',
    ])
  })
})

/** By the directory at its end, as every reader of ZIP does it. */
function unzipped(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  const files = new Map<string, string>()
  for (let at = bytes.readUInt32LE(end + 16), n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [size, nameLength, start] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const data = start + 30 + bytes.readUInt16LE(start + 26)
    files.set(name, inflateRawSync(bytes.subarray(data, data + size)).toString())
    at += 46 + nameLength
  }
  return files
}

describe('an export', () => {
  test('holds the rows of a figure, is fetched by its owner alone, noted, and gone after a day', async () => {
    const visitor = await makeVisitor(app, store)
    const { id } = (await visitor.say('Hello')).body.conversation
    const [{ customer_id }] = (
      await app.place.pool.query('select customer_id from conversations where id = $1', [id])
    ).rows
    await app.place.pool.query('update customers set name = $1 where id = $2', [
      '=HYPERLINK("x")',
      customer_id,
    ])
    const file = await made({ kind: 'rows', question: { metric: 'contacts', ...period } })
    expect(file).toMatchObject({ state: 'done', rowsDone: 1 })
    const { status, body, headers } = await fetched(file)
    expect(status).toBe(200)
    expect(headers['content-disposition']).toContain('attachment')
    expect(String(body)).toContain(`"'=HYPERLINK(""x"")"`)
    expect(await fetched(file, await app.as('supervisor'))).toMatchObject({ status: 404 })
    const { rows } = await app.place.pool.query(
      'select action from audit_entries where object = $1 order by id',
      [`export:${file.id}`],
    )
    expect(rows.map(({ action }) => action)).toEqual(['export.requested', 'export.made', 'export.fetched'])
    app.clock.advance(11 * 3_600)
    await supervisor.get('/exports')
    app.clock.advance(11 * 3_600)
    await supervisor.get('/exports')
    app.clock.advance(2 * 3_600 + 1)
    expect(await fetched(file)).toMatchObject({ status: 410, body: { error: { code: 'export_expired' } } })
    await app.sweep()
    expect((await supervisor.get(`/exports/${file.id}`)).body).toMatchObject({ state: 'expired', url: null })
  })

  test('of a view, of figures and of a day is a workbook too', async () => {
    const view = (await supervisor.post('/views', { name: 'All', condition: { all: [] } })).body as {
      id: string
    }
    for (const matter of [
      { kind: 'view', savedViewId: view.id },
      { kind: 'figures', question: { metric: 'contacts', by: 'day', ...period } },
      { kind: 'days', date: '2026-01-05' },
    ])
      expect(await made(matter, 'xlsx')).toMatchObject({ state: 'done', url: expect.any(String) })
  })

  test('holds nothing of stores one does not see', async () => {
    await (await makeVisitor(app, store)).say('Hello')
    const narrow = await app.as('supervisor', { storeIds: [(await makeStore(app)).id] })
    expect(
      await made({ kind: 'rows', question: { metric: 'contacts', ...period } }, 'csv', narrow),
    ).toMatchObject({
      rowsDone: 0,
    })
  })

  test('masks what a colleague may not see', async () => {
    const admin = await app.as('admin')
    const { body: role } = (await admin.post('/roles', {
      ...{ name: `Counter ${randomUUID()}`, permissions: ['insight:read', 'insight:export'] },
    })) as Answer<{ id: string }>
    const person = await app.as('agent')
    await admin.patch(`/staff/${person.id}`, { roleId: role.id })
    const file = await made({ kind: 'rows', question: { metric: 'contacts', ...period } }, 'csv', person)
    const text = String((await fetched(file, person)).body)
    expect(text).not.toContain('HYPERLINK')
    expect(file.rowsDone).toBeGreaterThan(0)
  })

  test('is refused to who may not take data out, and for what is not there', async () => {
    const matter = { kind: 'rows', question: { metric: 'happiness', ...period } }
    expect(await supervisor.post('/exports', { matter, format: 'csv' })).toMatchObject({ status: 404 })
    expect(await (await app.as('agent')).post('/exports', { matter, format: 'csv' })).toMatchObject({
      status: 403,
    })
  })
})
