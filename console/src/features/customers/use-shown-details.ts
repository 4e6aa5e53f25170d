import { useEffect, useState } from 'react'
import type { Schemas } from '../../api/client.ts'

type Detail = Schemas['RevealedDetail']
type Shown = Detail & { until: number }

export const shownSeconds = 30

/** Details that were asked for, each whole for half a minute and hidden again by itself. */
export function useShownDetails() {
  const [shown, setShown] = useState<Shown[]>([])
  const [now, setNow] = useState(Date.now)
  const isAny = shown.length > 0
  useEffect(() => {
    if (!isAny) return
    const tick = setInterval(() => {
      setNow(Date.now())
      setShown(all => all.filter(({ until }) => until > Date.now()))
    }, 1_000)
    return () => clearInterval(tick)
  }, [isAny])
  return {
    show(detail: Detail) {
      setNow(Date.now())
      const until = Date.now() + shownSeconds * 1_000
      setShown(all => [...all.filter(one => one.identityId !== detail.identityId), { ...detail, until }])
    },
    of: (identityId: string) => shown.find(one => one.identityId === identityId),
    secondsLeft: ({ until }: Shown) => Math.max(1, Math.ceil((until - now) / 1_000)),
  }
}
