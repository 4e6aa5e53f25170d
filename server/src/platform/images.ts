export type Image = {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  width: number
  height: number
}

/**
 * What kind of raster image these first bytes begin, and how large it says it is. Nothing is decoded: only
 * headers are read, within the bytes given. Null when it is none of the four kinds, or when its size does
 * not stand within them.
 */
export function readImage(head: Buffer): Image | null {
  const image = readPng(head) ?? readJpeg(head) ?? readGif(head) ?? readWebp(head)
  return image && image.width > 0 && image.height > 0 ? image : null
}

function readPng(head: Buffer): Image | null {
  if (head.length < 24 || head.toString('latin1', 0, 16) !== '\x89PNG\r\n\x1a\n\0\0\0\rIHDR') return null
  return { type: 'image/png', width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
}

/** Walks the segments to the frame header (ITU T.81, B.2.2); photographs carry long metadata before it. */
function readJpeg(head: Buffer): Image | null {
  if (head.length < 3 || head.readUIntBE(0, 3) !== 0xffd8ff) return null
  let at = 2
  while (at + 9 <= head.length) {
    if (head[at] !== 0xff) return null
    const marker = head[at + 1]!
    if (marker === 0xff) at += 1
    else if (isFrame(marker)) {
      return { type: 'image/jpeg', width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) }
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else if (marker === 0xd9 || marker === 0xda) return null
    else at += 2 + head.readUInt16BE(at + 2)
  }
  return null
}

// C4, C8 and CC stand among the frame markers but define tables.
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** The first picture may be larger than the screen it declares, and browsers make room for it. */
function readGif(head: Buffer): Image | null {
  if (head.length < 13 || !/^GIF8[79]a$/.test(head.toString('latin1', 0, 6))) return null
  const packed = head[10]!
  let at = 13 + (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0)
  while (head[at] === 0x21) {
    at += 2
    while (head[at]) at += 1 + head[at]!
    at += 1
  }
  if (head[at] !== 0x2c || at + 9 > head.length) return null
  const right = head.readUInt16LE(at + 1) + head.readUInt16LE(at + 5)
  const bottom = head.readUInt16LE(at + 3) + head.readUInt16LE(at + 7)
  return {
    type: 'image/gif',
    width: Math.max(head.readUInt16LE(6), right),
    height: Math.max(head.readUInt16LE(8), bottom),
  }
}

/** RFC 9649: lossy, lossless and extended files put their size in three different places. */
function readWebp(head: Buffer): Image | null {
  if (
    head.length < 30 ||
    head.toString('latin1', 0, 4) !== 'RIFF' ||
    head.toString('latin1', 8, 12) !== 'WEBP'
  ) {
    return null
  }
  const chunk = head.toString('latin1', 12, 16)
  if (chunk === 'VP8X') {
    return { type: 'image/webp', width: 1 + head.readUIntLE(24, 3), height: 1 + head.readUIntLE(27, 3) }
  }
  if (chunk === 'VP8L' && head[20] === 0x2f) {
    const bits = head.readUInt32LE(21)
    return { type: 'image/webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
  }
  if (chunk === 'VP8 ' && head.readUIntBE(23, 3) === 0x9d012a) {
    return {
      type: 'image/webp',
      width: head.readUInt16LE(26) & 0x3fff,
      height: head.readUInt16LE(28) & 0x3fff,
    }
  }
  return null
}
