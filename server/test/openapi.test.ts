import { describe, expect, test } from 'vitest'
import { modules } from '../src/modules/index.ts'
import { describeApi } from '../src/platform/openapi.ts'
import { type Document, operationsOf } from './requests.ts'

const document = describeApi(modules, { url: 'http://localhost:8400', version: '0' }) as unknown as Document
const operations = new Map(operationsOf(document).map(operation => [operation.name, operation]))

describe('the document', () => {
  test('says of each body what it holds', () => {
    const silent = [...operations.values()].filter(
      ({ accepts, body }) => accepts && !body?.type && !body?.$ref,
    )
    expect(silent.filter(({ body }) => !body?.anyOf && !body?.oneOf).map(({ name }) => name)).toEqual([])
  })

  test.each([
    ['POST /api/files', '25 MB'],
    ['POST /api/widget/files', '10 MB'],
  ])('%s takes one file of at most %s', (name, size) => {
    const { accepts, body } = operations.get(name)!
    expect(accepts).toBe('multipart/form-data')
    expect(body).toMatchObject({
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary', description: expect.stringContaining(size) } },
    })
  })

  test('says what a shop hands in, and how it is signed', () => {
    const { body } = operations.get('POST /api/channels/{id}/inbound')!
    expect(body).toMatchObject({ required: ['id', 'from'], properties: { attachments: { maxItems: 10 } } })
    expect(described('post', '/api/channels/{id}/inbound')).toContain('HMAC-SHA256')
    expect(described('put', '/api/channels/{id}/secret')).toContain('`v1=…,v1=…`')
  })

  test('asks for a visitor’s store when his session begins', () => {
    expect(operations.get('POST /api/widget/session')!.body).toMatchObject({
      required: expect.arrayContaining(['store']),
    })
  })
})

const described = (method: string, path: string) =>
  (document.paths[path]![method] as unknown as { description?: string }).description
