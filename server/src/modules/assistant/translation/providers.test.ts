import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { readGlossary, writeGlossary } from './glossary-file.ts'
import { startServices } from './services.simulator.ts'

const app = await startTestApp({ outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] })
const admin = await app.as('admin')

const price = { perMillionCharacters: 20_000_000, source: 'deepl.com/pro, seen 2026-01-05' }

async function addService() {
  const service = await startServices()
  onTestFinished(() => service.stop())
  const added = await admin.post('/translation-providers', {
    ...{ name: 'DeepL', kind: 'deepl', baseUrl: service.url, key: service.key, price },
  })
  expect(added.status).toBe(201)
  const { id } = added.body as { id: string }
  onTestFinished(() => void admin.delete(`/translation-providers/${id}`))
  return { ...service, id, shown: added.body as object }
}

describe('a service that translates', () => {
  test('shows everything but its key', async () => {
    const { id, shown, key } = await addService()
    expect(shown).toMatchObject({ name: 'DeepL', hasKey: true, price, pausedUntil: null })
    const listed = await admin.get('/translation-providers')
    expect(JSON.stringify([shown, listed.body])).not.toContain(key)
    const { rows } = await app.place.pool.query('select * from translation_providers where id = $1', [id])
    expect(rows[0].key_sealed).toMatch(/^v1\./)
    expect(JSON.stringify(rows)).not.toContain(key)
  })

  test('loses its key with its address, so that nobody reads it with a server of his own', async () => {
    const { id } = await addService()
    const elsewhere = { baseUrl: 'https://mine.example' }
    expect(await admin.patch(`/translation-providers/${id}`, elsewhere)).toMatchObject({
      status: 422,
      body: { error: { code: 'key_missing' } },
    })
    const moved = await admin.patch(`/translation-providers/${id}`, { ...elsewhere, key: 'another' })
    expect(moved).toMatchObject({ status: 200, body: { hasKey: true, ...elsewhere } })
  })

  test('is tried with one sentence, and says what came of it', async () => {
    const service = await addService()
    expect(await admin.post(`/translation-providers/${service.id}/trial`, { to: 'de' })).toMatchObject({
      status: 200,
      body: { ok: true, text: expect.stringContaining('#1042-88'), micros: expect.any(Number) },
    })
    service.faults.push({ kind: 'status', status: 403 })
    expect(await admin.post(`/translation-providers/${service.id}/trial`, {})).toMatchObject({
      body: { ok: false, reason: 'key_refused', text: null },
    })
  })

  test('takes another price from now on, and keeps what it took before', async () => {
    const { id } = await addService()
    app.clock.advance(60)
    const dearer = { perMillionCharacters: 25_000_000, source: 'letter of 2026-02-01' }
    expect(await admin.put(`/translation-providers/${id}/price`, dearer)).toMatchObject({
      body: { price: dearer },
    })
    const { rows } = await app.place.pool.query(
      'select per_million_characters from translation_prices where provider_id = $1 order by effective_from',
      [id],
    )
    expect(rows.map(row => row.per_million_characters)).toEqual([20_000_000, 25_000_000])
  })

  test('is set up by who may, and by nobody else', async () => {
    const agent = await app.as('agent')
    expect((await agent.get('/translation-providers')).status).toBe(403)
    expect((await agent.post('/glossary-terms', { term: 'x' })).status).toBe(403)
  })
})

describe('the glossary as a file', () => {
  test('comes back as it went, with nothing in it that a spreadsheet would run', async () => {
    const terms = [
      { term: '=HYPERLINK("http://x")', translation: '-1', fromLanguage: 'zh', toLanguage: 'de' },
      { term: 'say "hi", friend', translation: null, fromLanguage: null, toLanguage: null },
      { term: '无忧退货', translation: "'quoted'", fromLanguage: 'zh', toLanguage: 'en' },
    ].map((term, n) => ({ ...term, isCaseSensitive: n === 1, isLocked: n === 2 }))
    const csv = writeGlossary(terms)
    expect(csv.split('\r\n').slice(1).join()).not.toMatch(/"[=+@-]/)
    expect(readGlossary(csv)).toEqual({ terms, refused: [] })
  })

  test('is taken in line by line: what is new is added, what is there changed, what is wrong told', async () => {
    const csv = 'from,to,term,translation\nzh,de,质保,Garantie\nzh,de,,leer\nDeutsch,de,x,y\n'
    const imported = (body: string) => admin.post('/glossary-terms/import', { csv: body })
    expect((await imported(csv)).body).toEqual({
      ...{ added: 1, changed: 0 },
      refused: [
        { line: 3, reason: 'term' },
        { line: 4, reason: 'fromLanguage' },
      ],
    })
    expect((await imported('term,from,to,translation\n质保,zh,de,Gewährleistung')).body).toMatchObject({
      ...{ added: 0, changed: 1 },
    })
    const file = await admin.get('/glossary-terms/export')
    expect(file.headers['content-type']).toContain('text/csv')
    expect(file.body).toContain('"Gewährleistung"')
  })
})
