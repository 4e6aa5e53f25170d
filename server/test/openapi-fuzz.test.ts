import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCompany } from '../src/modules/settings/company.ts'
import { startTestApp } from './app.ts'
import {
  type Spoilt,
  type SpoiltAddress,
  spoil,
  spoilt,
  spoiltAddress,
  spoiltPlace,
  spoiltQuery,
} from './hostile.ts'
import { makeVisitor } from './make.ts'
import { addressOf, bodyOf, type Document, type Operation, operationsOf } from './requests.ts'
import { handIn, makeWorld, upload } from './world.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 40)
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122)
const longestMs = 5_000

const app = await startTestApp()
const admin = await app.as('admin')
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const world = await makeWorld(app, admin)
const document = (await app.get('/openapi.json')).body as unknown as Document
const operations = operationsOf(document)
const answers = openAnswers(document)

console.log(`${operations.length} routes, ${runs} cases each, seed ${seed} (FUZZ_RUNS, FUZZ_SEED)`)

describe('hostile input never breaks', () => {
  // What takes an object or a secret away goes last, so that the others meet it alive.
  const takesAway = ({ method, path }: Operation) => Number(method === 'DELETE' || path.endsWith('/secret'))
  const inOrder = operations.toSorted((a, b) => takesAway(a) - takesAway(b))

  test.each(inOrder)('$name', async operation => {
    let headers = await signFor(operation)
    const cursor = await firstCursor(operation, headers)
    await fc.assert(
      fc.asyncProperty(spoilt, spoiltAddress, async (body, address) => {
        if (endsSession.test(operation.name)) headers = await signFor(operation)
        const sent = send(operation, headers, body, address, cursor)
        const answer = await Promise.race([sent, afterwards(longestMs)])
        if (answer === null) throw new Error(`no answer in ${longestMs} ms`)
        check(operation, answer)
      }),
      { numRuns: runs, seed: seed + operations.indexOf(operation), endOnFailure: true },
    )
  }, 60_000)

  test('the house is as it was: nothing of it reached a prototype, and it still works', async () => {
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    const { status, body } = await (await app.as('admin')).get('/company')
    expect([200, 404], JSON.stringify(body)).toContain(status)
  })
})

describe('the document', () => {
  test('has every route that is served, but for health and pages', () => {
    const documented = new Set(operations.map(({ method, path }) => `${method} ${path}`))
    const served = servedRoutes(app.http.printRoutes({ commonPrefix: false }))
    expect(served.length).toBeGreaterThan(documented.size)
    const silent = served.filter(route => !documented.has(route) && !pages.test(route))
    expect(silent).toEqual([])
    expect([...documented].filter(name => !served.includes(name))).toEqual([])
  })
})

const endsSession = /^DELETE .*\/session$/
const pages =
  /^(GET|HEAD) (\/(live|ready|metrics|mail-frame|favicon\.svg|widget\.js)|\/(docs|assets|storefront|widget)(\/.*)?|\/?\*|\/api\/openapi\.json|\/api\/socket.*)$/

/** Whoever may call it; a session of its own where the route may end it. */
async function signFor({ permission, path }: Operation): Promise<Record<string, string>> {
  if (permission === 'public') return {}
  if (permission === 'visitor')
    return path.includes('session') ? (await makeVisitor(app, world.store)).headers : world.visitor.headers
  return path.startsWith('/api/session') ? (await app.as('admin')).headers : admin.headers
}

async function firstCursor({ method, path }: Operation, headers: Record<string, string>) {
  if (method !== 'GET' || path.includes('{')) return null
  const response = await app.http.inject({ url: `${path}?limit=1`, headers })
  // A list that is fetched as a file has no pages.
  const isList =
    response.statusCode === 200 && /^application\/json/.test(String(response.headers['content-type']))
  return isList ? ((response.json() as { next?: string | null })?.next ?? null) : null
}

async function send(
  operation: Operation,
  headers: Record<string, string>,
  body: Spoilt,
  address: SpoiltAddress,
  cursor: string | null,
) {
  const places = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  // Of four addresses one is spoilt; the others lead to an object that is there.
  const bent = address.at % 4 === 0 && places.length > 0 ? places[address.at % places.length]! : null
  let path = addressOf(operation, world)
  if (bent) {
    const marker = 'spoilt-place'
    path = addressOf(operation, world, { [bent]: marker }).replace(marker, () => spoiltPlace(address.value))
  }
  const query = spoiltQuery(operation, address, cursor, {
    store: world.store.key,
    country: 'DE',
    year: '2026',
  })
  const url = query ? `${path}?${query}` : path

  if (operation.accepts === 'multipart/form-data')
    return upload(app, path.replace('/api', ''), headers, {
      name: spoiltName(address.value),
      type: body.type,
      content: spoil({ text: 'x' }, body),
    })
  const payload = operation.accepts ? spoil(bodyOf(operation, document, world), body) : undefined
  if (operation.path === '/api/channels/{id}/inbound' && !bent) {
    const message = {
      id: `m-${app.unique()}`,
      from: { id: 'c', name: 'C', email: 'c@d.example' },
      text: 'hi',
      attachments: [],
    }
    return handIn(app, world.channel, spoil(message, body).toString())
  }
  const inject = () =>
    app.http.inject({
      method: operation.method,
      url,
      remoteAddress: `10.${app.unique() % 200}.${app.unique() % 200}.1`,
      headers: { ...headers, ...(operation.accepts && { 'content-type': body.type }) },
      ...(payload !== undefined && { payload }),
    })
  const first = await inject()
  if (first.statusCode !== 429) return first
  app.clock.advance(61)
  return inject()
}

const spoiltName = (value: unknown) => (JSON.stringify(value) ?? '').slice(0, 500).replaceAll(/["\r\n]/g, '_')

type Response = Awaited<ReturnType<typeof app.http.inject>>

function check(operation: Operation, response: Response) {
  const { statusCode: status, body } = response
  if (status >= 500) throw new Error(`${status} ${body.slice(0, 500)}`)
  const isJson = String(response.headers['content-type'] ?? '').startsWith('application/json')
  if (status >= 400) {
    if (!isJson) throw new Error(`${status} is no JSON: ${body.slice(0, 200)}`)
    return answers.assert('Refusal', JSON.parse(body), operation)
  }
  const documented = operation.responses[status]
  if (!documented) throw new Error(`${status} is not documented`)
  if (status === 204) {
    if (body !== '') throw new Error('204 with a body')
    return
  }
  if (!documented.content) return
  if (!isJson) throw new Error(`${status} is no JSON: ${body.slice(0, 200)}`)
  answers.assert(operation.name, JSON.parse(body), operation)
}

/** Holds answers against the document's own shapes. */
function openAnswers({ components }: Document) {
  const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: false }))
  ajv.addSchema({ $id: 'document', components })
  const absolute = (schema: unknown) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components'))
  const made = new Map<string, ReturnType<typeof ajv.compile>>()
  return {
    assert(name: string, value: unknown, { responses }: Operation) {
      if (!made.has(name)) {
        const success = Object.entries(responses).find(([status]) => status.startsWith('2'))![1]
        const schema = name === 'Refusal' ? responses.default!.content : success.content
        made.set(name, ajv.compile(absolute(schema!['application/json']!.schema)))
      }
      const validate = made.get(name)!
      if (!validate(value))
        throw new Error(
          `off its shape: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(value).slice(0, 300)}`,
        )
    },
  }
}

/** The router's own list, as `METHOD /path/{id}`. */
function servedRoutes(tree: string) {
  const stack: string[] = []
  return tree.split('\n').flatMap(line => {
    const [, indent, rest] = /^([│ ]*)[├└]── (.*)$/.exec(line) ?? []
    if (rest === undefined) return []
    const [, piece, methods] = /^(.*?)(?: \(([A-Z, ]+)\))?$/.exec(rest)!
    const depth = indent!.length / 4
    stack.length = depth
    stack[depth] = piece!
    const path = stack.join('').replaceAll(/:(\w+)/g, '{$1}')
    return (methods ?? '')
      .split(', ')
      .filter(Boolean)
      .map(method => `${method} ${path}`)
  })
}

const afterwards = (ms: number) => new Promise<null>(done => setTimeout(done, ms, null).unref())
