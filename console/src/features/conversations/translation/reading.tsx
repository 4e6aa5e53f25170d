import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { Message } from '../api.ts'
import { useThread } from '../thread.ts'
import { type MessageTranslation, translations, useAskTranslations, useReader } from './api.ts'

type Reading = {
  to: string
  isSetUp: boolean
  isAutomatic: boolean
  items: Map<string, MessageTranslation>
  /** Of the whole thread; each message can be turned for itself. */
  showsOriginal: boolean
  setShowsOriginal: (shows: boolean) => void
  askAgain: (messageIds: string[]) => void
  /** Messages that somebody might want to read in his language. */
  foreign: string[]
}

const Context = createContext<Reading | null>(null)

export const useReading = () => useContext(Context)

const atOnce = 50

/** What is translated of the thread within it. What is seen for the first time is asked for. */
export function ReadingOf({ id, children }: { id: string; children: ReactNode }) {
  const { to } = useReader()
  const { data } = useQuery(translations(id, to))
  const { data: thread } = useThread(id)
  const ask = useAskTranslations(id, to)
  const asked = useRef(new Set<string>())
  const [showsOriginal, setShowsOriginal] = useState(false)
  const items = useMemo(() => new Map(data?.items.map(item => [item.messageId, item])), [data])
  const messages = thread?.items
  const foreign = useMemo(
    () => (messages ?? []).filter(message => mayBeForeign(message, to)).map(message => message.id),
    [messages, to],
  )

  // Newest first: that is what somebody reads.
  const isOffered = data?.isSetUp === true && data.isAutomatic
  useEffect(() => {
    if (!isOffered) return
    const fresh = foreign.filter(one => !items.has(one) && !asked.current.has(one)).slice(-atOnce)
    if (fresh.length === 0) return
    for (const one of fresh) asked.current.add(one)
    ask.mutate({ messageIds: fresh })
  }, [isOffered, foreign, items, ask.mutate])

  const reading: Reading = {
    to,
    isSetUp: data?.isSetUp ?? true,
    isAutomatic: data?.isAutomatic ?? true,
    items,
    showsOriginal,
    setShowsOriginal,
    askAgain: messageIds => ask.mutate({ messageIds: messageIds.slice(-atOnce), again: true }),
    foreign,
  }
  return <Context value={reading}>{children}</Context>
}

const mayBeForeign = ({ kind, text, language, original }: Message, to: string) =>
  (kind === 'customer' || kind === 'reply') && text !== '' && language !== to && original?.language !== to
