/** Undoes a Content-Transfer-Encoding piece by piece; `end` gives what was still held back. */
export type TransferDecoder = { read(bytes: Buffer): Buffer; end(): Buffer }

export function openTransferDecoder(encoding: string): TransferDecoder {
  if (encoding === 'base64') return openBase64()
  if (encoding === 'quoted-printable') return openQuotedPrintable()
  if (['x-uuencode', 'uuencode', 'x-uue', 'uue'].includes(encoding)) return openLines(fromUuencode)
  return { read: bytes => bytes, end: () => nothing }
}

const nothing = Buffer.alloc(0)

/** Whatever is not of the alphabet is skipped; padding within ends one run and begins another. */
function openBase64(): TransferDecoder {
  let held = ''
  const decode = (text: string) => {
    if (!text.includes('=')) return Buffer.from(text, 'base64')
    return Buffer.concat(text.split(/=+/).map(run => Buffer.from(run, 'base64')))
  }
  return {
    read(bytes) {
      const text = held + bytes.toString('latin1').replace(/[^A-Za-z0-9+/=]+/g, '')
      // Up to the last padding the runs are complete; after it, whole groups of four.
      const from = text.lastIndexOf('=') + 1
      const end = from + Math.floor((text.length - from) / 4) * 4
      held = text.slice(end)
      return decode(text.slice(0, end))
    },
    end: () => decode(held),
  }
}

function openQuotedPrintable(): TransferDecoder {
  return openLines((line, isLast) => {
    let end = line.length
    const hasBreak = line[end - 1] === 0x0a
    if (hasBreak) end -= line[end - 2] === 0x0d ? 2 : 1
    const lineEnd = line.subarray(end)
    // Blanks at the end of a line were added on the way (RFC 2045, 6.7, rule 3).
    if (hasBreak || isLast) while (end > 0 && (line[end - 1] === 0x20 || line[end - 1] === 0x09)) end -= 1
    const isSoft = line[end - 1] === 0x3d && (hasBreak || isLast)
    if (isSoft) end -= 1
    const decoded = Buffer.allocUnsafe(line.length)
    let size = 0
    for (let at = 0; at < end; at += 1) {
      const byte = line[at]!
      const value = byte === 0x3d ? hexAt(line, at + 1, end) : -1
      decoded[size++] = value < 0 ? byte : value
      if (value >= 0) at += 2
    }
    if (!isSoft) size += lineEnd.copy(decoded, size)
    return decoded.subarray(0, size)
  })
}

function hexAt(bytes: Buffer, at: number, end: number) {
  if (at + 1 >= end) return -1
  const high = hexDigit(bytes[at]!)
  const low = hexDigit(bytes[at + 1]!)
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte: number) {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function fromUuencode(line: Buffer): Buffer {
  const text = line.toString('latin1').trimEnd()
  if (text === '' || /^(begin |end$)/.test(text)) return nothing
  const length = (text.charCodeAt(0) - 32) & 63
  const values = [...text.slice(1)].map(character => (character.charCodeAt(0) - 32) & 63)
  const bytes = Buffer.alloc(length)
  for (let n = 0; n < length; n += 1) {
    const bit = n * 8
    const pair = ((values[Math.floor(bit / 6)] ?? 0) << 6) | (values[Math.floor(bit / 6) + 1] ?? 0)
    bytes[n] = (pair >> (4 - (bit % 6))) & 0xff
  }
  return bytes
}

// A line that is longer belongs to no line-based encoding any more; it is read in pieces.
const longestLine = 64 * 1024

function openLines(decode: (line: Buffer, isLast: boolean) => Buffer): TransferDecoder {
  let held: Buffer = nothing
  return {
    read(bytes) {
      const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
      const lines: Buffer[] = []
      let start = 0
      for (let end = all.indexOf(0x0a); end >= 0; end = all.indexOf(0x0a, start)) {
        lines.push(decode(all.subarray(start, end + 1), false))
        start = end + 1
      }
      if (all.length - start > longestLine) {
        // Three bytes stay, so that no escape is cut in two.
        lines.push(decode(all.subarray(start, all.length - 3), false))
        start = all.length - 3
      }
      held = Buffer.from(all.subarray(start))
      return Buffer.concat(lines)
    },
    end: () => decode(held, true),
  }
}
