/**
 * Which of the two-byte charsets of East Asia these bytes are in, or null. Each has its everyday characters
 * under few first bytes; where nearly all fall there, it is that one. Statistics of words, as chardet keeps
 * them, need a page of text; a subject has ten characters.
 */
export function guessCharset(bytes: Buffer): string | null {
  if (isScattered(bytes)) return null
  const judged = candidates.map(candidate => ({ ...candidate, share: shareOfCommon(bytes, candidate) }))
  const best = judged.reduce((best, next) => (next.share > best.share ? next : best))
  return best.share >= 0.75 ? best.name : null
}

/** Single bytes beyond ASCII among letters are accents; characters of East Asia come in runs. */
function isScattered(bytes: Buffer) {
  let high = 0
  let alone = 0
  for (const [at, byte] of bytes.entries()) {
    if (byte < 0x80) continue
    high += 1
    if ((bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) alone += 1
  }
  return high < 3 || alone > high * 0.6
}

type Candidate = {
  name: string
  isLead(byte: number): boolean
  isTrail(byte: number): boolean
  isCommon(lead: number, trail: number): boolean
}

const between = (from: number, to: number) => (byte: number) => byte >= from && byte <= to
const euc = { isLead: between(0xa1, 0xfe), isTrail: between(0xa1, 0xfe) }

// In the order of trust where two are equally likely: what is Korean or Japanese is well-formed Chinese as well.
const candidates: Candidate[] = [
  {
    name: 'euc-jp',
    ...euc,
    isLead: byte => euc.isLead(byte) || byte === 0x8e,
    // Kana, and the marks of level one; without any kana it is taken for Chinese.
    isCommon: lead => lead === 0xa4 || lead === 0xa5 || lead === 0xa1 || lead === 0x8e,
  },
  {
    name: 'euc-kr',
    ...euc,
    isLead: between(0x81, 0xfe),
    isTrail: between(0x41, 0xfe),
    isCommon: (lead, trail) => lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1,
  },
  {
    name: 'gb18030',
    isLead: between(0x81, 0xfe),
    isTrail: byte => byte >= 0x40 && byte !== 0x7f && byte !== 0xff,
    isCommon: (lead, trail) =>
      ((lead >= 0xb0 && lead <= 0xd7) || lead === 0xa1 || lead === 0xa3) && trail >= 0xa1,
  },
  {
    name: 'big5',
    isLead: between(0xa1, 0xf9),
    isTrail: byte => between(0x40, 0x7e)(byte) || between(0xa1, 0xfe)(byte),
    isCommon: lead => (lead >= 0xa4 && lead <= 0xc6) || lead === 0xa1,
  },
  {
    name: 'shift_jis',
    isLead: byte => between(0x81, 0x9f)(byte) || between(0xe0, 0xfc)(byte),
    isTrail: byte => between(0x40, 0x7e)(byte) || between(0x80, 0xfc)(byte),
    isCommon: lead => lead >= 0x81 && lead <= 0x97,
  },
]

/** Japanese in EUC has kanji between its kana, so a half of kana is as sure as three quarters of anything. */
function shareOfCommon(bytes: Buffer, { name, isLead, isTrail, isCommon }: Candidate) {
  let common = 0
  let all = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at]!
    if (lead < 0x80) continue
    const trail = bytes[at + 1]
    // The last character of a sample may be cut in two.
    if (trail === undefined) break
    all += 1
    if (name === 'shift_jis' && lead >= 0xa1 && lead <= 0xdf) continue
    if (!isLead(lead) || !isTrail(trail)) {
      // A charset in which it is not even well formed is out of the question, but for a slip or two.
      common -= 5
      continue
    }
    if (isCommon(lead, trail)) common += 1
    at += 1
  }
  const share = all === 0 ? 0 : common / all
  return name === 'euc-jp' && share >= 0.35 ? Math.min(1, share + 0.4) : share
}
