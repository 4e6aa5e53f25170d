import { type Call, isPassing, Refusal } from '../api/calls.ts'
import type { Config } from '../api/shapes.ts'
import type { BrowserMemory } from '../browser-memory.ts'
import { signal } from '../signals.ts'

type Door = {
  store: string
  memory: BrowserMemory
  call: Call
  locale: () => string
  met: (error: unknown) => void
}

/** The shop as the visitor sees it: name, colour, texts, whether it is open. What was last known shows at once. */
export function visitShop({ store, memory, call, locale, met }: Door) {
  const config = signal<Config | null>(memory.get<Config>('config'))
  const refused = signal<string | null>(null)
  let loadedAt = 0

  async function load() {
    const query = new URLSearchParams({ store, ...(locale() ? { locale: locale() } : {}) })
    try {
      const fresh = await call<Config>('GET', `/config?${query}`)
      loadedAt = Date.now()
      config.value = fresh
      refused.value = null
      memory.set('config', fresh)
      met(null)
    } catch (error) {
      met(error)
      if (!isPassing(error)) refused.value = error instanceof Refusal ? error.code : 'unknown'
    }
  }

  return { config, refused, load, ageMs: () => Date.now() - loadedAt }
}
