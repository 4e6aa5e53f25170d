import { createContext } from 'preact'
import { useContext, useLayoutEffect, useState } from 'preact/hooks'
import type { Chat } from '../conversations/chat.ts'
import type { Speech } from '../locales/locales.ts'
import { effect, type Reading, type Signal } from '../signals.ts'

export type Room = {
  chat: Chat
  speech: Reading<Speech>
  /** Absent where the chat is a page of its own. */
  leave: (() => void) | null
  switchLocale: (locale: string) => void
  /** What the composer holds; survives the switch between composer and form, and a reload. */
  draft: Signal<string>
}

export const RoomContext = createContext<Room | null>(null)

export function useRoom(): Room {
  return useContext(RoomContext)!
}

/** The value now; the component is drawn again when it changes. */
export function useValue<T>(source: Reading<T>): T {
  const [value, set] = useState(() => source.peek())
  useLayoutEffect(() => effect(() => set(() => source.value)), [source])
  return value
}

export const useSpeech = () => useValue(useRoom().speech)
