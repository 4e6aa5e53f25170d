import { z } from 'zod'
import type { Module } from './module.ts'
import type { Permission, RawRoute, Route } from './route.ts'

type Json = Record<string, unknown>
type Declared = Partial<Pick<RawRoute, 'accepts'>> &
  Pick<
    Route,
    'method' | 'url' | 'summary' | 'description' | 'permission' | 'params' | 'query' | 'body' | 'status'
  > & {
    returns?: z.ZodType
  }

/** The contract, made from the same declarations that serve the requests; there is nothing else to keep true. */
export function describeApi(
  modules: readonly Module[],
  { url, version }: { url: string; version: string },
): Json {
  const schemas: Json = { Refusal: refusal }
  const paths: Record<string, Json> = {}
  for (const module of modules)
    for (const declared of [...(module.routes ?? []), ...(module.rawRoutes ?? [])] as Declared[]) {
      const path = `/api${declared.url.replaceAll(/:(\w+)/g, '{$1}')}`
      paths[path] ??= {}
      paths[path][declared.method.toLowerCase()] = operation(declared, module.name, schemas)
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Afar 远客',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'afar.session' },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key made with `npm run afar -- api-key create` or in the settings.',
        },
        visitor: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token that POST /api/widget/session answers.',
        },
      },
    },
  }
}

const introduction = `Everything the console and the widget do, they do through these addresses. Bodies are JSON; instants are ISO 8601 in UTC; ids are UUIDs. A list answers \`{items, next}\`: pass \`next\` as \`cursor\` to go on. What is refused answers \`{error: {code, message, details?}}\` with a stable code.`

const refusal = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' }, details: {} },
    },
  },
}

function operation(declared: Declared, tag: string, schemas: Json): Json {
  const refused = {
    description: 'Refused; see the code.',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
  }
  const status =
    declared.status ??
    (declared.returns === undefined || !(declared.returns instanceof z.ZodVoid) ? 200 : 204)
  const answer =
    declared.returns && !(declared.returns instanceof z.ZodVoid)
      ? {
          description: 'Done.',
          content: { 'application/json': { schema: toSchema(declared.returns, 'output', schemas) } },
        }
      : { description: 'Done.' }
  return {
    tags: [tag],
    summary: declared.summary,
    ...(declared.description && { description: declared.description }),
    operationId: nameOf(declared),
    ...security(declared.permission),
    parameters: [...parameters('path', declared.params), ...parameters('query', declared.query)],
    ...(declared.body && {
      requestBody: {
        required: true,
        content: {
          [declared.accepts ?? 'application/json']: { schema: toSchema(declared.body, 'input', schemas) },
        },
      },
    }),
    responses: { [status]: answer, default: refused },
  }
}

const nameOf = ({ method, url }: Declared) =>
  [
    method.toLowerCase(),
    ...url
      .split('/')
      .filter(Boolean)
      .map(part => part.replace(/^:/, 'by-')),
  ]
    .join('-')
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

function security(permission: Permission): Json {
  if (permission === 'public') return { security: [] }
  if (permission === 'visitor') return { security: [{ visitor: [] }] }
  return {
    security: [{ session: [] }, { apiKey: [] }],
    ...(permission === 'signed-in' ? {} : { 'x-permission': permission }),
  }
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input', {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

/** One shape as JSON Schema 2020-12; shapes with an id stand once under components, inputs apart where they differ. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...made
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
      for (const mark of ['maskedUnless', 'hide']) delete (jsonSchema as Json)[mark]
    },
  }) as Json & { $defs?: Record<string, Json> }
  const renamed = new Map<string, string>()
  for (const [name, shape] of Object.entries($defs)) {
    const { id: __, ...rest } = shape
    const taken =
      schemas[name] !== undefined &&
      JSON.stringify(schemas[name]) !== JSON.stringify(relocated(rest, renamed))
    const key = taken ? `${name}${io === 'input' ? 'Input' : 'Output'}` : name
    renamed.set(name, key)
    schemas[key] = relocated(rest, renamed)
  }
  const { id, ...own } = made as Json & { id?: string }
  if (!id || own.$ref) return relocated(own, renamed)
  schemas[id] ??= relocated(own, renamed)
  return JSON.stringify(schemas[id]) === JSON.stringify(relocated(own, renamed))
    ? { $ref: `#/components/schemas/${id}` }
    : relocated(own, renamed)
}

function relocated(value: Json, renamed: ReadonlyMap<string, string>): Json {
  return JSON.parse(JSON.stringify(value), (key, item) => {
    if (key !== '$ref' || typeof item !== 'string') return item
    const name = item.replace('#/$defs/', '')
    return `#/components/schemas/${renamed.get(name) ?? name}`
  })
}
