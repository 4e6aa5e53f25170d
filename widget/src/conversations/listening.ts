import { signal } from '../signals.ts'
import type { Connect, Connection, Hearing } from './connection.ts'

const typingLastsMs = 6_000

/** Keeps one connection to the conversation that is to be heard, and none when there is none. */
export function listenWith(connect: Connect, hearing: Omit<Hearing, 'typing' | 'down'>) {
  const typing = signal<string | null>(null)
  let connection: Connection | null = null
  let followed: string | null = null
  let ends: ReturnType<typeof setTimeout> | undefined

  function showTyping({ on, name }: { on: boolean; name: string | null }) {
    clearTimeout(ends)
    typing.value = on ? (name ?? '') : null
    if (on) ends = setTimeout(() => showTyping({ on: false, name }), typingLastsMs)
  }

  function hangUp() {
    connection?.close()
    connection = null
    followed = null
    showTyping({ on: false, name: null })
  }

  return {
    typing,
    hangUp,
    isUp: () => Boolean(connection?.isUp()),
    check: () => connection?.check(),
    say: (on: boolean) => connection?.say(on),
    quiet: () => showTyping({ on: false, name: null }),
    /** The rooms of a socket are given when it connects, so another conversation needs another one. */
    async follow(conversationId: string | null) {
      if (conversationId === followed) return
      hangUp()
      followed = conversationId
      if (!conversationId) return
      try {
        const made = await connect({
          ...hearing,
          typing: showTyping,
          down: () => showTyping({ on: false, name: null }),
        })
        if (followed === conversationId && !connection) connection = made
        else made.close()
      } catch {
        // The chunk could not be loaded; the next look tries again.
        if (followed === conversationId) followed = null
      }
    },
  }
}
