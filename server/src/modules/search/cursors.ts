import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'

/** A place among the conversations found: the moment of the newest hit, then which. */
export type Cursor = { at: Date; id: string }

const Wire = z.tuple([z.iso.datetime(), z.uuid()])

export const writeCursor = ({ at, id }: Cursor) =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')

export function readCursor(cursor: string | undefined): Cursor | null {
  if (cursor === undefined) return null
  const read = Wire.safeParse(parse(cursor))
  if (!read.success) throw invalid('invalid_cursor', 'This cursor was not given out by this search.')
  const [at, id] = read.data
  return { at: new Date(at), id }
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
