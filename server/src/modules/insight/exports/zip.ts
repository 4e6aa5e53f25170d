import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

export type ZipEntry = { name: string; content: AsyncIterable<Buffer | string> | Iterable<Buffer | string> }

const version = 20
// The sizes follow the content (bit 3), and names are UTF-8 (bit 11).
const flags = 0x0808
const deflated = 8
const [entrySign, descriptorSign, directorySign, endSign] = [0x04034b50, 0x08074b50, 0x02014b50, 0x06054b50]

/** A ZIP archive (APPNOTE 6.3.10) written as its contents come; nothing of it may reach 4 GB. */
export async function* zip(entries: readonly ZipEntry[]): AsyncGenerator<Buffer> {
  let offset = 0
  const directory: Buffer[] = []
  for (const { name, content } of entries) {
    const start = offset
    const title = Buffer.from(name)
    const head = Buffer.concat([
      words(entrySign),
      shorts(version, flags, deflated, 0, firstDay),
      words(0, 0, 0),
      shorts(title.length, 0),
      title,
    ])
    offset += head.length
    yield head
    const seen = { crc: 0, size: 0 }
    let packed = 0
    const deflate = createDeflateRaw()
    const source = Readable.from(measured(content, seen))
    source.on('error', error => deflate.destroy(error))
    for await (const chunk of source.pipe(deflate) as AsyncIterable<Buffer>) {
      packed += chunk.length
      yield chunk
    }
    const facts = [seen.crc, packed, seen.size]
    const descriptor = words(descriptorSign, ...facts)
    offset += packed + descriptor.length
    yield descriptor
    directory.push(
      Buffer.concat([
        words(directorySign),
        shorts(version, version, flags, deflated, 0, firstDay),
        words(...facts),
        shorts(title.length, 0, 0, 0, 0),
        words(0, start),
        title,
      ]),
    )
  }
  const index = Buffer.concat(directory)
  yield Buffer.concat([
    index,
    words(endSign),
    shorts(0, 0, entries.length, entries.length),
    words(index.length, offset),
    shorts(0),
  ])
}

/** 1 January 1980, the first day a ZIP knows: the same content is the same file. */
const firstDay = 0x21

async function* measured(content: ZipEntry['content'], seen: { crc: number; size: number }) {
  for await (const part of content) {
    const bytes = Buffer.from(part)
    seen.crc = crc32(bytes, seen.crc)
    seen.size += bytes.length
    yield bytes
  }
}

function words(...numbers: number[]) {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [n, number] of numbers.entries()) bytes.writeUInt32LE(number >>> 0, n * 4)
  return bytes
}

function shorts(...numbers: number[]) {
  const bytes = Buffer.alloc(numbers.length * 2)
  for (const [n, number] of numbers.entries()) bytes.writeUInt16LE(number, n * 2)
  return bytes
}
