import type { Step } from './terms.ts'

/**
 * The place of a step in a flow: `steps.0`, or `steps.2.yes.1` within a branch. A flow has no way back, so each place
 * is come to once at most in a run.
 */
export type Place = string

export const firstPlace = (steps: readonly Step[]): Place | null => (steps.length > 0 ? 'steps.0' : null)

export function stepAt(steps: readonly Step[], place: Place): Step | undefined {
  const words = place.split('.')
  let list: readonly Step[] | undefined = steps
  let step: Step | undefined
  for (let n = 0; n < words.length; n += 2) {
    if (n > 0) list = step?.do === 'branch' ? step[words[n] as 'yes' | 'no'] : undefined
    step = list?.[Number(words[n + 1])]
  }
  return step
}

/** Where it goes on after this step: beside it, else after the branch it stands in; null at the end. */
export function placeAfter(steps: readonly Step[], place: Place): Place | null {
  for (let at = place; at; at = outOf(at)) {
    const cut = at.lastIndexOf('.')
    const beside = `${at.slice(0, cut)}.${Number(at.slice(cut + 1)) + 1}`
    if (stepAt(steps, beside)) return beside
  }
  return null
}

/** The first step of the way taken, or what comes after a branch whose way is empty. */
export const placeInto = (steps: readonly Step[], place: Place, way: 'yes' | 'no'): Place | null =>
  stepAt(steps, `${place}.${way}.0`) ? `${place}.${way}.0` : placeAfter(steps, place)

/** Every step with its place, in reading order. */
export function* allSteps(steps: readonly Step[], at: Place = 'steps'): Generator<[Place, Step]> {
  for (const [n, step] of steps.entries()) {
    const place = `${at}.${n}`
    yield [place, step]
    if (step.do !== 'branch') continue
    yield* allSteps(step.yes, `${place}.yes`)
    yield* allSteps(step.no, `${place}.no`)
  }
}

const outOf = (place: Place) => {
  const words = place.split('.')
  return words.length > 2 ? words.slice(0, -2).join('.') : ''
}
