import { z } from 'zod'
import { invalid } from './errors.ts'

/** Fields that the shape does not know are refused. */
export const strict = (schema: z.ZodType | undefined) =>
  schema instanceof z.ZodObject && !schema.def.catchall ? schema.strict() : schema

/** A part of a request as its shape has it and as it may be stored; else a refusal that names the places. */
export function readShape(schema: z.ZodType | undefined, raw: unknown, place: string) {
  if (!schema) return undefined
  const parsed = schema.safeParse(wellFormed(raw, 0))
  if (parsed.success) return parsed.data
  throw invalid(
    'invalid_request',
    'The request is not of the documented shape.',
    parsed.error.issues.slice(0, 20).map(issue => ({
      path: [place, ...issue.path.map(String)].join('.'),
      code: issue.code,
      message: issue.message,
    })),
  )
}

/** The JSON of a raw route's body, which comes as bytes; an empty one is an empty object. */
export function readJson<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  return readShape(strict(schema), parseJson(body), 'body') as z.output<S>
}

function parseJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body)) return body ?? {}
  try {
    return body.length > 0 ? JSON.parse(String(body)) : {}
  } catch {
    return null
  }
}

const deepest = 40

/** PostgreSQL stores neither NUL nor half a surrogate pair: the one is dropped, the other becomes U+FFFD. */
function wellFormed(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '').toWellFormed()
  if (value === null || typeof value !== 'object') return value
  if (depth > deepest) throw invalid('too_deep', `The request is nested more than ${deepest} levels deep.`)
  if (Array.isArray(value)) return value.map(item => wellFormed(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replaceAll('\u0000', '').toWellFormed(),
      wellFormed(item, depth + 1),
    ]),
  )
}
