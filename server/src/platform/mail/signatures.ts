import { signatureEnds, signatureProducts, signatureStarts } from './quote-phrases.ts'

/** `-- ` of RFC 3676 §4.3; most programs lose its space. */
export const isSignatureDelimiter = (text: string) => text === '--' || text === '—'

/** "Sent from my iPhone" in the languages of quote-phrases.ts: a short line that names a device or a program. */
export function isSignatureLine(text: string) {
  if (text.length < 4 || text.length > 160) return false
  const line = text
    .toLowerCase()
    .replace(/^[-—–\s]+/u, '')
    .split(/<http|\(http|\[http|<https|http:|https:/, 1)[0]!
    .replace(/[.。!\s\]<(]+$/u, '')
  if (line.length > 70) return false
  return (
    (signatureStarts.some(start => line.startsWith(start)) ||
      signatureEnds.some(end => line.endsWith(end))) &&
    signatureProducts.some(product => line.includes(product))
  )
}
