import { newId } from '../../api/id.ts'
import type { Draft } from './drafts.ts'
import { optionsOf } from './mail/recipients.ts'
import type { Held, Outgoing } from './outbox.ts'

export type How = Pick<Outgoing, 'afterwards' | 'hold' | 'snoozeUntil'> & { isUntranslated?: boolean }

type Written = {
  text: string
  original: Outgoing['original']
  seenSeq: number
  held: Held | undefined
  isMail: boolean
  /** Mails wait for some seconds in which they can be taken back. */
  canUndo: boolean
}

/** A draft as it is sent. A reply that was held back goes out as it was meant, now that what it missed is known. */
export function outgoingOf(
  conversationId: string,
  draft: Draft,
  { text, original, seenSeq, held, isMail, canUndo }: Written,
  { afterwards = draft.afterwards, snoozeUntil, hold = canUndo ? { why: 'undo' } : undefined }: How,
): Outgoing {
  const isNote = draft.tab === 'note'
  const again = isNote ? undefined : held
  const mentioned = draft.mentions.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)
  return {
    clientId: again?.outgoing.clientId ?? newId(),
    conversationId,
    kind: draft.tab,
    text,
    attachments: draft.attachments,
    mentionIds: isNote ? [...new Set(mentioned)] : [],
    lastSeenSeq: Math.max(seenSeq, ...(again?.missed.map(({ seq }) => seq) ?? [])),
    ...(!isNote && {
      ...(again
        ? {
            afterwards: again.outgoing.afterwards,
            snoozeUntil: again.outgoing.snoozeUntil,
            hold: again.outgoing.hold,
          }
        : { afterwards, snoozeUntil, hold }),
      mail: isMail ? optionsOf(draft.mail) : undefined,
      original,
    }),
    writtenAt: new Date().toISOString(),
  }
}
