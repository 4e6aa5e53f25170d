import { useEffect, useSyncExternalStore } from 'react'
import { onPresence, onReconnect, type Presence, sayViewing } from '../../api/realtime.ts'

export type Present = { id: string; name: string | null; typing: boolean; viewing: boolean }

const typingLasts = 6_000
const viewingLasts = 50_000
const sayAgainEvery = 20_000
const nobody: readonly Present[] = []

type Entry = Present & { typingUntil: number; viewingUntil: number }
const places = new Map<string, Map<string, Entry>>()
let snapshots = new Map<string, readonly Present[]>()
const watchers = new Set<() => void>()

onPresence(hear)
onReconnect(() => {
  places.clear()
  tell()
})

function hear({ conversationId, staffId, name, typing, viewing }: Presence) {
  const now = Date.now()
  const there = places.get(conversationId) ?? new Map<string, Entry>()
  if (typing || viewing) {
    const [typingUntil, viewingUntil] = [typing ? now + typingLasts : 0, viewing ? now + viewingLasts : 0]
    there.set(staffId, { id: staffId, name, typing, viewing, typingUntil, viewingUntil })
  } else there.delete(staffId)
  places.set(conversationId, there)
  tell()
}

/** Signs of life are not stored anywhere; one that is not repeated has ended. */
function sweep() {
  const now = Date.now()
  let changed = false
  for (const there of places.values())
    for (const [id, entry] of there) {
      const typing = entry.typing && entry.typingUntil > now
      const viewing = entry.viewing && entry.viewingUntil > now
      if (typing === entry.typing && viewing === entry.viewing) continue
      changed = true
      if (typing || viewing) there.set(id, { ...entry, typing, viewing })
      else there.delete(id)
    }
  if (changed) tell()
}

function tell() {
  snapshots = new Map([...places].map(([id, there]) => [id, [...there.values()]]))
  for (const watch of watchers) watch()
}

let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void) {
  watchers.add(watcher)
  timer ??= setInterval(sweep, 1_000)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Who else is looking at a conversation or writing in it, this person left out. */
export const usePresence = (conversationId: string) =>
  useSyncExternalStore(watch, () => snapshots.get(conversationId) ?? nobody)

export function useSayViewing(conversationId: string) {
  useEffect(() => {
    sayViewing(conversationId, true)
    const again = setInterval(() => sayViewing(conversationId, true), sayAgainEvery)
    return () => {
      clearInterval(again)
      sayViewing(conversationId, false)
    }
  }, [conversationId])
}
