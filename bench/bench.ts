import type { LargeHouse } from './large-house.ts'

export type Bench = {
  /** Less of everything: shows that it runs; its figures say little. */
  quick: boolean
  say: (sentence: string) => void
  /** The house with a million conversations, built by whoever asks first. */
  large: () => Promise<LargeHouse>
}
