import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useAfterPause } from '../../../ui/use-after-pause.ts'
import type { ConversationRow } from '../api.ts'
import type { Draft } from '../drafts.ts'
import { draftTranslation, type NewOriginal, translations, useReader } from './api.ts'

const pause = 700

/**
 * A reply written in one language and sent in another. A new translation takes the place of the last only where
 * nobody has changed that; and what was translated is not sent once what it was made of has changed.
 */
export function useTwoLanguages(
  row: ConversationRow,
  draft: Draft,
  setDraft: (change: Partial<Draft>) => void,
) {
  const { to: own, reads } = useReader()
  const service = useQuery(translations(row.id, own)).data
  const to = row.language ?? row.customer.language?.split('-')[0] ?? null
  const isForeign = to !== null && !reads(to)
  const isOn =
    draft.tab === 'reply' &&
    to !== null &&
    to !== own &&
    (draft.two ?? (isForeign && service?.isSetUp === true))
  const written = draft.own.trim()
  const { drafted } = draft
  const isFresh = drafted?.source === written
  const isEdited = draft.reply.trim() !== '' && draft.reply !== drafted?.text
  const rested = useAfterPause(written, pause)
  const isWanted = isOn && rested !== '' && rested === written && !isFresh && !isEdited
  const asked = useQuery({
    ...draftTranslation(row.id, { text: rested, from: own, to: to ?? '' }),
    enabled: isWanted,
  })
  const found = isWanted ? asked.data : undefined

  useEffect(() => {
    if (found?.state === 'done' && found.text !== null)
      setDraft({
        reply: found.text,
        drafted: {
          text: found.text,
          source: rested,
          provider: found.provider ?? '',
          missingTerms: found.missingTerms,
        },
      })
  }, [found, rested])

  // Of a text that is gone no translation stays behind.
  useEffect(() => {
    if (isOn && written === '' && drafted && !isEdited) setDraft({ reply: '', drafted: null })
  }, [isOn, written, drafted, isEdited])

  const reason = found?.state === 'untranslated' ? found.reason : asked.isError && isWanted ? 'failed' : null
  return {
    own,
    to,
    isOn,
    isOffered: to !== null && to !== own,
    isEdited,
    isFresh,
    /** Why there is no translation of what is written. */
    reason: isOn && written !== '' ? reason : null,
    isWaiting: isOn && written !== '' && !isFresh && !isEdited && reason === null,
    /** Nobody has seen what this would be in the other language yet. */
    isBlocked: isOn && !isEdited && (draft.reply.trim() === '' || !isFresh),
    translateAnew: () => setDraft({ reply: '', drafted: null }),
    originalOf: (sent: string): NewOriginal | undefined =>
      isOn && written !== '' && to !== null
        ? {
            text: written,
            language: own,
            to,
            provider: sent === written ? null : (drafted?.provider ?? null),
            draft: sent === written ? null : (drafted?.text ?? null),
          }
        : undefined,
  }
}

export type TwoLanguages = ReturnType<typeof useTwoLanguages>
