const mostCharacters = 100
const mostBytes = 200

/**
 * A name that can be shown, stored and sent as a download: NFC, one line, no path, nothing invisible or
 * reversing, nothing a system reads as special. Cleaned first and judged last, since a character taken away
 * can make a harmless name a dangerous one. Never used for where the content lies.
 */
export function cleanFileName(given: string) {
  const visible = given
    .slice(-1_000)
    .replace(/[\t\n\r]/g, ' ')
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .normalize('NFC')
  const last = visible.split(/[\\/]/).findLast(part => trimmed(part) !== '') ?? ''
  const safe = trimmed(last.replace(/[<>:"|?*]/g, '_'))
  const name = shortened(safe)
  if (name === '') return 'file'
  return reserved.test(name) ? `_${name}` : name
}

// Control, format (bidi, zero width, tags), surrogate, private and unassigned characters, line separators;
// then letters and marks that show nothing.
const invisible = /\p{C}|\p{Zl}|\p{Zp}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu

// Windows opens a device for these, whatever the extension.
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

const trimmed = (name: string) => name.replace(/^[. ]+|[. ]+$/g, '')

/** Counts what a reader sees as one character, and bytes as well: one of them may carry a thousand accents. */
function shortened(name: string) {
  const extension = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? ''
  const room = {
    characters: mostCharacters - [...extension].length,
    bytes: mostBytes - Buffer.byteLength(extension),
  }
  let stem = ''
  for (const { segment } of graphemes.segment(name.slice(0, name.length - extension.length))) {
    room.characters -= 1
    room.bytes -= Buffer.byteLength(segment)
    if (room.characters < 0 || room.bytes < 0) break
    stem += segment
  }
  return trimmed(trimmed(stem) + extension)
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
