import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

type Place = {
  frame: RefObject<HTMLElement | null>
  content: RefObject<HTMLElement | null>
  /** The first `seq` shown: a lower one means that older messages were put above. */
  first: number
  isAtBottom: boolean
}

/** Stays at the newest while one is there, and on the same words when older ones are put above them. */
export function useKeepPlace({ frame, content, first, isAtBottom }: Place) {
  const before = useRef({ first, height: 0 })
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    if (before.current.first > first && first > 0)
      element.scrollTop += element.scrollHeight - before.current.height
    before.current.first = first
  }, [frame, first])

  useEffect(() => {
    const [element, inner] = [frame.current, content.current]
    if (!element || !inner) return
    // New lines, pictures that load and a composer that grows all move the bottom away.
    const stay = new ResizeObserver(() => {
      if (isAtBottom) element.scrollTop = element.scrollHeight
      before.current.height = element.scrollHeight
    })
    stay.observe(element)
    stay.observe(inner)
    return () => stay.disconnect()
  }, [frame, content, isAtBottom])
}
