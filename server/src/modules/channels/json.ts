import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'

/** Reads bytes that were kept raw for their signature; says what is wrong as every other route does. */
export function readJson<T>(schema: z.ZodType<T>, raw: unknown): T {
  const read = schema.safeParse(parse(raw))
  if (read.success) return read.data
  throw invalid(
    'invalid_request',
    'The request is not of the documented shape.',
    read.error.issues.slice(0, 20).map(issue => ({
      path: ['body', ...issue.path.map(String)].join('.'),
      code: issue.code,
      message: issue.message,
    })),
  )
}

/** PostgreSQL stores neither NUL nor half a surrogate pair: the one is dropped, the other becomes U+FFFD. */
export const prose = (longest: number) =>
  z
    .string()
    .max(longest)
    .transform(text => text.replaceAll('\u0000', '').toWellFormed())

/** Somebody's key. It is kept exactly or refused: mended, two different ones could become the same. */
export const foreignKey = z
  .string()
  .min(1)
  .max(200)
  .refine(
    text => text.isWellFormed() && text === text.trim() && !/\p{Cc}/u.test(text),
    'No blanks at the ends and no control characters are allowed here.',
  )

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parse(raw: unknown): unknown {
  try {
    return JSON.parse(utf8.decode(raw as Buffer))
  } catch {
    throw invalid('invalid_json', 'The body is not JSON in UTF-8.')
  }
}
