import { useEffect, useState } from 'react'
import type { Attachment } from './api.ts'
import { type MailEdits, noEdits, optionsOf } from './mail/recipients.ts'
import type { NewOriginal } from './translation/api.ts'

export type Draft = {
  tab: 'reply' | 'note'
  reply: string
  note: string
  attachments: Attachment[]
  mentions: { id: string; name: string }[]
  mail: MailEdits
  /** What a quick reply asks to follow when its text is sent. */
  afterwards?: 'resolve' | undefined
  /** What a reply is written in first, where it is sent in another language; `reply` is then its translation. */
  own: string
  drafted: Drafted | null
  /** Whether it is written in two languages, where somebody has said so. */
  two: boolean | null
}

/** What a machine made of `source`. */
type Drafted = { text: string; source: string; provider: string; missingTerms: string[] }

type Change = Partial<Draft> | ((draft: Draft) => Partial<Draft>)

const key = (conversationId: string) => `afar.draft.${conversationId}`
const blank: Draft = {
  ...{ tab: 'reply', reply: '', note: '', attachments: [], mentions: [], mail: noEdits },
  ...{ own: '', drafted: null, two: null },
}
const watchers = new Set<(conversationId: string) => void>()

export function readDraft(conversationId: string): Draft {
  try {
    return { ...blank, ...JSON.parse(sessionStorage.getItem(key(conversationId)) ?? '{}') }
  } catch {
    return blank
  }
}

function keepDraft(conversationId: string, draft: Draft) {
  const isBlank =
    !draft.reply && !draft.note && !draft.own && draft.attachments.length === 0 && !optionsOf(draft.mail)
  if (isBlank === hasDraft(conversationId)) for (const tell of kept) tell(conversationId, !isBlank)
  if (isBlank) sessionStorage.removeItem(key(conversationId))
  else sessionStorage.setItem(key(conversationId), JSON.stringify(draft))
}

export const hasDraft = (conversationId: string) => sessionStorage.getItem(key(conversationId)) !== null

const kept = new Set<(conversationId: string, isThere: boolean) => void>()

/** Calls when a draft begins or is no more, not at each letter. */
export function onDraftKept(tell: (conversationId: string, isThere: boolean) => void) {
  kept.add(tell)
  return () => void kept.delete(tell)
}

export const draftedIds = () =>
  Object.keys(sessionStorage).flatMap(name => (name.startsWith(key('')) ? name.slice(key('').length) : []))

const changed = (draft: Draft, over: Change) => ({
  ...draft,
  ...(typeof over === 'function' ? over(draft) : over),
})

/** As it was written, where that was in two languages. */
export const draftOf = (original: NewOriginal | null | undefined) =>
  original
    ? {
        two: true,
        own: original.text,
        drafted:
          original.draft !== null && original.provider !== null
            ? {
                text: original.draft,
                source: original.text,
                provider: original.provider,
                missingTerms: [],
              }
            : null,
      }
    : { own: '', drafted: null }

/** Changes a draft from outside its field, which shows it at once where it is open. */
export function changeDraft(conversationId: string, over: Change) {
  keepDraft(conversationId, changed(readDraft(conversationId), over))
  for (const watch of watchers) watch(conversationId)
}

/** What was begun in a conversation waits there while one is in another, and over a reload. */
export function useDraft(conversationId: string) {
  const [draft, setDraft] = useState(() => readDraft(conversationId))
  useEffect(() => {
    const watch = (id: string) => id === conversationId && setDraft(readDraft(id))
    watchers.add(watch)
    return () => void watchers.delete(watch)
  }, [conversationId])
  function change(over: Change) {
    setDraft(now => {
      const next = changed(now, over)
      keepDraft(conversationId, next)
      return next
    })
  }
  return [draft, change] as const
}
