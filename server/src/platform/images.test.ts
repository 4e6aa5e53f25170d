import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readImage } from './images.ts'

const bytes = (...parts: (string | number | number[])[]) =>
  Buffer.concat(
    parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part].flat()))),
  )
const le16 = (n: number) => [n & 255, n >> 8]
const be16 = (n: number) => [n >> 8, n & 255]
const le24 = (n: number) => [n & 255, (n >> 8) & 255, n >> 16]
const be32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]

const png = (width: number, height: number) =>
  bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', be32(width), be32(height), [8, 6, 0, 0, 0])
const jpeg = (width: number, height: number, frame = 0xc0, before = bytes()) =>
  bytes([0xff, 0xd8], [...before], [0xff, frame, 0, 17, 8], be16(height), be16(width), Array(12).fill(0))
const gif = (screen: [number, number], picture: [number, number, number, number], before = bytes()) =>
  bytes(
    'GIF89a',
    screen.flatMap(le16),
    [0x80, 0, 0],
    Array(6).fill(7),
    [...before],
    0x2c,
    picture.flatMap(le16),
    [0, 0],
  )
const webp = (chunk: string, body: number[]) =>
  bytes('RIFF\0\0\0\0WEBP', chunk, [0, 0, 0, 0], body, Array(12).fill(0))

describe('the size of a picture is read from', () => {
  test.each([
    ['PNG', png(640, 480), { type: 'image/png', width: 640, height: 480 }],
    [
      'a PNG of 4 billion pixels a side',
      png(2 ** 32 - 1, 2 ** 32 - 1),
      { width: 4294967295, height: 4294967295 },
    ],
    ['JPEG', jpeg(640, 480), { type: 'image/jpeg', width: 640, height: 480 }],
    ['progressive JPEG', jpeg(640, 480, 0xc2), { width: 640, height: 480 }],
    [
      'JPEG after metadata, tables and padding',
      jpeg(
        640,
        480,
        0xc0,
        bytes([0xff, 0xe1, 0x40, 0x00], Array(0x3ffe).fill(0xff), [0xff, 0xff, 0xff, 0xc4, 0, 3, 1]),
      ),
      { width: 640, height: 480 },
    ],
    ['GIF', gif([640, 480], [0, 0, 640, 480]), { type: 'image/gif', width: 640, height: 480 }],
    [
      'GIF after a loop and a comment',
      gif([9, 9], [0, 0, 9, 9], bytes([0x21, 0xff, 3], 'abc', [1, 1, 0, 0x21, 0xfe, 0])),
      { width: 9, height: 9 },
    ],
    [
      'GIF whose first picture outgrows its screen',
      gif([1, 1], [5, 6, 60000, 50000]),
      { width: 60005, height: 50006 },
    ],
    [
      'lossy WebP',
      webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, ...le16(640), ...le16(480)]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
    ['lossless WebP', webp('VP8L', [0x2f, ...be32(0)]), { width: 1, height: 1 }],
    [
      'the largest lossless WebP',
      webp('VP8L', [0x2f, 0xff, 0xff, 0xff, 0x0f]),
      { width: 16384, height: 16384 },
    ],
    ['extended WebP', webp('VP8X', [0, 0, 0, 0, ...le24(639), ...le24(479)]), { width: 640, height: 480 }],
  ])('%s', (_, head, image) => {
    expect(readImage(head)).toMatchObject(image)
  })
})

describe('no picture is seen in', () => {
  test.each([
    ['nothing', bytes()],
    ['text', bytes('hello')],
    ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', bytes('<!doctype html><img src=x onerror=alert(1)>')],
    ['a PNG whose first chunk is another', bytes('\x89PNG\r\n\x1a\n\0\0\0\rtEXt', be32(1), be32(1))],
    ['a PNG without width', png(0, 480)],
    ['a JPEG without height', jpeg(640, 0)],
    ['a JPEG whose picture comes before its frame', jpeg(640, 480, 0xc0, bytes([0xff, 0xda, 0, 2]))],
    ['a JPEG with only tables', jpeg(640, 480, 0xc4)],
    ['a JPEG that loses its way', jpeg(640, 480, 0xc0, bytes([0xff, 0xe0, 0, 2, 0x41]))],
    ['the start of a JPEG', jpeg(640, 480).subarray(0, 8)],
    ['a GIF without a picture', gif([9, 9], [0, 0, 9, 9]).subarray(0, 19)],
    ['WebP of an unknown kind', webp('VP9 ', [1, 2, 3])],
    ['sound in RIFF', bytes('RIFF\0\0\0\0WAVEfmt ', Array(30).fill(1))],
  ])('%s', (_, head) => {
    expect(readImage(head)).toBeNull()
  })

  test('whatever else comes, and never an error or a hang', () => {
    const starts = [png(9, 9), jpeg(9, 9), gif([9, 9], [0, 0, 9, 9]), webp('VP8X', []), bytes()].map(each =>
      each.subarray(0, 16),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.nat(16),
        fc.uint8Array({ maxLength: 300 }),
        (start, kept, rest) => {
          readImage(Buffer.concat([start.subarray(0, kept), rest]))
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
