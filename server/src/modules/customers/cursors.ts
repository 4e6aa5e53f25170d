import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'

const kinds = {
  uuid: z.uuid(),
  position: z.int().min(0),
  moment: z.tuple([z.iso.datetime(), z.uuid()]),
  /** Of a search: how well it fits, then which. */
  fit: z.tuple([z.int().min(0).max(9), z.uuid()]),
}

/** A place in a list. It is opaque, so that the list may be ordered otherwise one day. */
export const writeCursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')

export function readCursor<K extends keyof typeof kinds>(
  cursor: string | undefined,
  kind: K,
): z.output<(typeof kinds)[K]> | undefined {
  if (cursor === undefined) return undefined
  const read = kinds[kind].safeParse(parse(cursor))
  if (!read.success) throw invalid('invalid_cursor', 'This cursor was not given out by this list.')
  return read.data as z.output<(typeof kinds)[K]>
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
