import { useState } from 'react'
import type { Attachment } from './api.ts'

export type Draft = {
  tab: 'reply' | 'note'
  reply: string
  note: string
  attachments: Attachment[]
  mentions: { id: string; name: string }[]
}

const key = (conversationId: string) => `afar.draft.${conversationId}`
const blank: Draft = { tab: 'reply', reply: '', note: '', attachments: [], mentions: [] }

export function readDraft(conversationId: string): Draft {
  try {
    return { ...blank, ...JSON.parse(sessionStorage.getItem(key(conversationId)) ?? '{}') }
  } catch {
    return blank
  }
}

function keepDraft(conversationId: string, draft: Draft) {
  const isBlank = !draft.reply && !draft.note && draft.attachments.length === 0
  if (isBlank) sessionStorage.removeItem(key(conversationId))
  else sessionStorage.setItem(key(conversationId), JSON.stringify(draft))
}

export const hasDraft = (conversationId: string) => sessionStorage.getItem(key(conversationId)) !== null

/** What was begun in a conversation waits there while one is in another, and over a reload. */
export function useDraft(conversationId: string) {
  const [draft, setDraft] = useState(() => readDraft(conversationId))
  function change(over: Partial<Draft> | ((draft: Draft) => Partial<Draft>)) {
    setDraft(now => {
      const next = { ...now, ...(typeof over === 'function' ? over(now) : over) }
      keepDraft(conversationId, next)
      return next
    })
  }
  return [draft, change] as const
}
