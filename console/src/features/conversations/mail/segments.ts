import type { MailFacts } from './api.ts'

type Segment = MailFacts['segments'][number]
export type Piece = { kind: 'said'; text: string } | { kind: 'folded'; parts: Segment[] }

/**
 * A mail as it is read: what was said, and between it one fold for each run of quotes and signatures. Blank lines
 * at the seams go with the fold. `text` stands in for a mail that was not taken apart.
 */
export function foldSegments(segments: readonly Segment[], text: string): Piece[] {
  const pieces: Piece[] = []
  for (const { kind, text } of segments) {
    const trimmed = trimLines(text)
    if (trimmed === '') continue
    const last = pieces.at(-1)
    if (kind === 'said') {
      if (last?.kind === 'said') last.text += `\n\n${trimmed}`
      else pieces.push({ kind, text: trimmed })
    } else if (last?.kind === 'folded') last.parts.push({ kind, text: trimmed })
    else pieces.push({ kind: 'folded', parts: [{ kind, text: trimmed }] })
  }
  return pieces.length === 0 && text.trim() ? [{ kind: 'said', text }] : pieces
}

/** Whole blank lines only: what stands before the first word of a line may be meant, as in a table. */
const trimLines = (text: string) => text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()
