import { type RefObject, useEffect, useRef } from 'react'

type Jump = {
  frame: RefObject<HTMLElement | null>
  seq: number | undefined
  isReady: boolean
  loadBackTo: (seq: number) => Promise<void>
  onLeft: () => void
}

/** Brings a message into the middle of the thread, however old it is, and lights it up for a moment. */
export function useJump({ frame, seq, isReady, loadBackTo, onLeft }: Jump) {
  const left = useRef(onLeft)
  left.current = onLeft
  useEffect(() => {
    if (seq === undefined || !isReady) return
    let isOver = false
    left.current()
    const show = async () => {
      await loadBackTo(seq).catch(() => {})
      // What was fetched is drawn, and put in its place, in the frames to come.
      for (let turn = 0; turn < 3; turn++) await new Promise(requestAnimationFrame)
      const line = isOver ? null : frame.current?.querySelector(`[data-seq="${seq}"]:not([data-inside] *)`)
      line?.scrollIntoView({ block: 'center' })
      line?.animate([{ background: 'var(--note)' }, { background: 'transparent' }], {
        duration: 2_400,
        easing: 'ease-in',
      })
    }
    show()
    return () => {
      isOver = true
    }
  }, [frame, seq, isReady, loadBackTo])
}
