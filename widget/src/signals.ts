/** A value that can be watched. Forty lines instead of four kilobytes; @preact/signals has the same names. */
export type Signal<T> = { value: T; peek(): T }
export type Reading<T> = { readonly value: T; peek(): T }

type Watch = { run(): void; heard: Set<Set<Watch>>; queue: Set<Watch> }

let watching: Watch | null = null
let depth = 0
// What is derived is brought up to date before anybody who reads it runs.
const derivations = new Set<Watch>()
const effects = new Set<Watch>()

export function signal<T>(value: T): Signal<T> {
  const watches = new Set<Watch>()
  return {
    get value() {
      if (watching) {
        watches.add(watching)
        watching.heard.add(watches)
      }
      return value
    },
    set value(next) {
      if (Object.is(next, value)) return
      value = next
      batch(() => {
        for (const watch of watches) watch.queue.add(watch)
      })
    },
    peek: () => value,
  }
}

/** Those who watch hear once, after the last of several changes. */
export function batch(change: () => void): void {
  depth++
  try {
    change()
    while (depth === 1) {
      const [watch] = derivations.size > 0 ? derivations : effects
      if (!watch) break
      watch.queue.delete(watch)
      watch.run()
    }
  } finally {
    depth--
  }
}

/** Runs now, and again whenever something it read has changed. */
export const effect = (run: () => void) => watchWith(effects, run)

function watchWith(queue: Set<Watch>, run: () => void): () => void {
  const forget = () => {
    for (const watches of watch.heard) watches.delete(watch)
    watch.heard.clear()
    queue.delete(watch)
  }
  const watch: Watch = {
    heard: new Set(),
    queue,
    run() {
      forget()
      const before = watching
      watching = watch
      try {
        run()
      } finally {
        watching = before
      }
    },
  }
  watch.run()
  return forget
}

/** Follows its sources at once; within a `batch` it is what it was before. */
export function computed<T>(derive: () => T): Reading<T> {
  const result = signal<T>(undefined as T)
  watchWith(derivations, () => {
    result.value = derive()
  })
  return result
}
