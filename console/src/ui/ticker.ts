import { useSyncExternalStore } from 'react'
import { serverNow } from '../api/server-time.ts'

const watchers = new Set<() => void>()
let now = serverNow()
let timer: ReturnType<typeof setTimeout> | undefined

/** One timer for every clock on the screen, on the server's second, so that they all jump together. */
function tick() {
  now = serverNow()
  for (const watch of watchers) watch()
  schedule()
}

function schedule() {
  timer = setTimeout(tick, 1000 - (serverNow() % 1000))
}

function watch(watcher: () => void) {
  watchers.add(watcher)
  if (watchers.size === 1) {
    now = serverNow()
    schedule()
  }
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) clearTimeout(timer)
  }
}

/** The server's time, anew every second. */
export const useNow = () => useSyncExternalStore(watch, () => now)

/** The server's time cut to `step` ms, for what need not be drawn every second. */
export const useNowEvery = (step: number) => useSyncExternalStore(watch, () => Math.floor(now / step) * step)
