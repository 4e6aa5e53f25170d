import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

type Place = {
  frame: RefObject<HTMLElement | null>
  content: RefObject<HTMLElement | null>
  /** The first `seq` shown: a lower one means that older messages were put above. */
  first: number
  last: number
  isAtBottom: boolean
  /** The place may not be the bottom any more. */
  onLeft: () => void
}

/**
 * Stays at the newest while one is there, on the same words when older ones are put above them, and where a person
 * unfolds something.
 */
export function useKeepPlace({ frame, content, first, last, isAtBottom, onLeft }: Place) {
  const before = useRef({ first, height: 0 })
  const isUnfolding = useRef(false)
  const left = useRef(onLeft)
  left.current = onLeft
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    if (before.current.first > first && first > 0)
      element.scrollTop += element.scrollHeight - before.current.height
    before.current.first = first
  }, [frame, first])

  useLayoutEffect(() => {
    isUnfolding.current = false
  }, [last, isAtBottom])

  useEffect(() => {
    const inner = content.current
    const click = ({ target }: MouseEvent) => {
      if ((target as Element).closest('[aria-expanded], [aria-pressed]')) isUnfolding.current = true
    }
    inner?.addEventListener('click', click)
    return () => inner?.removeEventListener('click', click)
  }, [content])

  useEffect(() => {
    const [element, inner] = [frame.current, content.current]
    if (!element || !inner) return
    // New lines, pictures that load and a composer that grows all move the bottom away.
    const stay = new ResizeObserver(() => {
      if (isUnfolding.current) left.current()
      else if (isAtBottom) element.scrollTop = element.scrollHeight
      before.current.height = element.scrollHeight
    })
    stay.observe(element)
    stay.observe(inner)
    return () => stay.disconnect()
  }, [frame, content, isAtBottom])
}
