import type { Workplace } from '../../../platform/work.ts'

const longestLine = 40

type Line = { busy: number; waiting: (() => void)[] }
const lines = new WeakMap<Workplace, Map<string, Line>>()

/** At most so many requests to one service at once from this process; null where the line is too long to wait in. */
export async function takeTurn(place: Workplace, providerId: string, atOnce: number) {
  const ofPlace = lines.get(place) ?? new Map<string, Line>()
  lines.set(place, ofPlace)
  const line = ofPlace.get(providerId) ?? { busy: 0, waiting: [] }
  ofPlace.set(providerId, line)
  if (line.busy < atOnce) line.busy += 1
  else if (line.waiting.length >= longestLine) return null
  else await new Promise<void>(done => line.waiting.push(done))
  return {
    /** Whoever waits gets the place itself, so that nobody slips in between. */
    end() {
      const next = line.waiting.shift()
      if (next) next()
      else line.busy -= 1
    },
  }
}
