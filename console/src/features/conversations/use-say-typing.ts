import { useEffect, useRef } from 'react'
import { sayTyping } from '../../api/realtime.ts'

const sayAgainAfter = 3_000
const idleAfter = 4_000

/** Tells that a reply is being written; a note is nobody's business outside. */
export function useSayTyping(conversationId: string, tab: 'reply' | 'note') {
  const saidAt = useRef(0)
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined)

  function stop() {
    clearTimeout(idle.current)
    if (saidAt.current) sayTyping(conversationId, false)
    saidAt.current = 0
  }

  function touch() {
    if (tab === 'note') return
    if (Date.now() - saidAt.current > sayAgainAfter) {
      sayTyping(conversationId, true)
      saidAt.current = Date.now()
    }
    clearTimeout(idle.current)
    idle.current = setTimeout(stop, idleAfter)
  }

  const stopLast = useRef(stop)
  stopLast.current = stop
  useEffect(() => () => stopLast.current(), [])

  return { touch, stop }
}
