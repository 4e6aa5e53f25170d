import type { IncomingMessage, ServerResponse } from 'node:http'
import { deflateSync } from 'node:zlib'
import { id } from './fake-people.ts'

const files = new Map<string, { name: string; type: string; body: Buffer }>()
export const attached = (ids: string[]) =>
  ids.map(fileId => ({
    id: fileId,
    name: files.get(fileId)?.name ?? '?',
    type: files.get(fileId)?.type ?? '',
    size: files.get(fileId)?.body.length ?? 0,
    url: `/api/files/${fileId}`,
    width: null,
    height: null,
    isInline: false,
  }))

export function serveFile(request: IncomingMessage, response: ServerResponse, path: string, raw: Buffer) {
  if (request.method === 'POST') {
    const head = raw.subarray(0, 600).toString('latin1')
    const start = raw.indexOf('\r\n\r\n') + 4
    const boundary = head.slice(0, head.indexOf('\r\n'))
    const body = raw.subarray(start, raw.indexOf(`\r\n${boundary}`, start))
    const name = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? 'file', 'latin1').toString()
    const type = /content-type: ([^\r]+)/i.exec(head)?.[1] ?? 'application/octet-stream'
    const fileId = id()
    files.set(fileId, { name, type, body })
    response.setHeader('content-type', 'application/json')
    return response.end(
      JSON.stringify({
        id: fileId,
        name,
        type,
        size: body.length,
        url: `/api/files/${fileId}`,
        width: null,
        height: null,
        isInline: false,
      }),
    )
  }
  const file = files.get(path.split('/').at(-1)!)
  response.setHeader('content-type', file?.type ?? 'image/png')
  response.end(file?.body ?? paint(520, 340))
}

/** A soft gradient with a dark line, standing in for a customer's photo. */
function paint(width: number, height: number) {
  const data = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      const crack = Math.abs(x - width / 2 - Math.sin(y / 22) * 18 - y / 9) < 2
      const shade = Math.hypot(x - width / 2, y - height / 2) / 300
      data[at] = crack ? 60 : 214 - shade * 70
      data[at + 1] = crack ? 50 : 205 - shade * 60
      data[at + 2] = crack ? 45 : 190 - shade * 40
    }
  const chunk = (type: string, body: Buffer) => {
    const out = Buffer.alloc(body.length + 12)
    out.writeUInt32BE(body.length)
    out.write(type, 4)
    body.copy(out, 8)
    out.writeUInt32BE(crc(out.subarray(4, body.length + 8)), body.length + 8)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes: Buffer) {
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return ~value >>> 0
}
