import { Readable } from 'node:stream'
import type { FileStore, StoredContent } from '../../../platform/file-store.ts'
import { senderLine } from './sender-line.ts'

/** Above it a mail goes to the file store as it comes and never lies in memory whole. */
export const smallBytes = 256 * 1024

export class TooLarge extends Error {}

export type Content = { line: string; raw: Buffer; rawFile?: StoredContent }

/**
 * Keeps a mail that is being sent to us. One that turns out too large is read to its end, so that the answer is
 * heard, but nothing more of it is kept; the sender who goes on for ever is cut off.
 */
export async function readContent(files: FileStore, stream: Readable, maxBytes: number): Promise<Content> {
  const chunks = bounded(stream, maxBytes)
  const head: Buffer[] = []
  let size = 0
  for (;;) {
    const { value, done } = await chunks.next()
    if (done) {
      const raw = Buffer.concat(head)
      return { line: senderLine(raw), raw }
    }
    head.push(value)
    size += value.length
    if (size > smallBytes) break
  }
  const begin = Buffer.concat(head)
  const rawFile = await files.put(Readable.from(joined(begin, chunks)), { maxBytes })
  return { line: senderLine(begin), raw: Buffer.alloc(0), rawFile }
}

async function* bounded(stream: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0
  // Left open when the store fails midway: what is still coming has to be read by somebody.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxBytes) yield chunk
    if (size > maxBytes * 2) {
      stream.destroy()
      break
    }
  }
  if (size > maxBytes) throw new TooLarge(`More than ${maxBytes} bytes.`)
}

async function* joined(begin: Buffer, rest: AsyncIterable<Buffer>) {
  yield begin
  yield* rest
}
