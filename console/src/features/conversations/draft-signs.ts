import { useEffect, useSyncExternalStore } from 'react'
import { type DraftSign, onDraftSign, onReconnect, sayDraft } from '../../api/realtime.ts'
import { useMe } from '../../api/session.ts'
import { draftedIds, onDraftKept } from './drafts.ts'

type Writer = { id: string; name: string | null; until: number }

const lasts = 50_000
const sayAgainEvery = 20_000
const nobody: readonly Writer[] = []

let signs: ReadonlyMap<string, readonly Writer[]> = new Map()
const watchers = new Set<() => void>()

onDraftSign(hear)
onReconnect(() => put(new Map()))

/** Who has begun to write something is told without a word of it; a sign that is not repeated has ended. */
function hear({ conversationId, staffId, name, on }: DraftSign) {
  const others = (signs.get(conversationId) ?? nobody).filter(({ id }) => id !== staffId)
  const writers = on ? [...others, { id: staffId, name, until: Date.now() + lasts }] : others
  put(new Map(signs).set(conversationId, writers))
}

function sweep() {
  const now = Date.now()
  if (![...signs.values()].some(writers => writers.some(({ until }) => until <= now))) return
  put(new Map([...signs].map(([id, writers]) => [id, writers.filter(({ until }) => until > now)])))
}

function put(next: typeof signs) {
  signs = next
  for (const watch of watchers) watch()
}

function watch(watcher: () => void) {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

/** Colleagues who have an unsent draft in a conversation. */
export function useDraftWriters(conversationId: string): readonly Writer[] {
  const me = useMe()
  const writers = useSyncExternalStore(watch, () => signs.get(conversationId) ?? nobody)
  return writers.some(({ id }) => id === me.id) ? writers.filter(({ id }) => id !== me.id) : writers
}

/** Tells of one's own drafts, wherever in the inbox one is. */
export function useSayDrafts() {
  useEffect(() => {
    const sayAll = () => {
      sweep()
      for (const id of draftedIds()) sayDraft(id, true)
    }
    sayAll()
    const again = setInterval(sayAll, sayAgainEvery)
    const stop = onDraftKept(sayDraft)
    return () => {
      clearInterval(again)
      stop()
    }
  }, [])
}
