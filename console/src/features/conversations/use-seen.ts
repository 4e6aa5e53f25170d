import { useEffect, useRef, useSyncExternalStore } from 'react'

const toRead = 1_000

/**
 * Says up to where the thread has been seen: shown at the bottom of a page that has the focus, for about
 * as long as it takes to notice. What arrives in the second before Enter has not been seen.
 */
export function useSeen(shownSeq: number, onSeen: (seq: number) => void) {
  const told = useRef(0)
  const tell = useRef(onSeen)
  tell.current = onSeen
  const isLooking = useSyncExternalStore(watchFocus, () => document.hasFocus() && !document.hidden)
  useEffect(() => {
    if (!isLooking || shownSeq <= told.current) return
    const timer = setTimeout(
      () => {
        told.current = shownSeq
        tell.current(shownSeq)
      },
      told.current === 0 ? 0 : toRead,
    )
    return () => clearTimeout(timer)
  }, [isLooking, shownSeq])
}

function watchFocus(watch: () => void) {
  window.addEventListener('focus', watch)
  window.addEventListener('blur', watch)
  document.addEventListener('visibilitychange', watch)
  return () => {
    window.removeEventListener('focus', watch)
    window.removeEventListener('blur', watch)
    document.removeEventListener('visibilitychange', watch)
  }
}
