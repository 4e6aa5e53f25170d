/** What this browser remembers for one shop; where storage is refused or full, for as long as the page lives. */
export type BrowserMemory = {
  get<T>(key: string): T | null
  set(key: string, value: unknown): void
  remove(key: string): void
  keys(prefix: string): string[]
  /** Another tab changed it. */
  onChange(hear: (key: string, value: unknown) => void): () => void
}

type Backing = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export function openMemory(store: string, backing: Backing | null = browserStorage()): BrowserMemory {
  const prefix = `afar:${store}:`
  const unsaved = new Map<string, string>()
  const read = (key: string) => unsaved.get(key) ?? backing?.getItem(key) ?? null

  return {
    get: key => parse(read(prefix + key)) as never,
    set(key, value) {
      const text = JSON.stringify(value)
      try {
        if (!backing) throw new Error('no storage')
        backing.setItem(prefix + key, text)
        unsaved.delete(prefix + key)
      } catch {
        unsaved.set(prefix + key, text)
      }
    },
    remove(key) {
      unsaved.delete(prefix + key)
      try {
        backing?.removeItem(prefix + key)
      } catch {}
    },
    keys(start) {
      const all = new Set(unsaved.keys())
      for (let i = 0; backing && i < backing.length; i++) all.add(backing.key(i) ?? '')
      return [...all].filter(key => key.startsWith(prefix + start)).map(key => key.slice(prefix.length))
    },
    onChange(hear) {
      const heard = ({ key, newValue }: StorageEvent) => {
        if (key?.startsWith(prefix)) hear(key.slice(prefix.length), parse(newValue))
      }
      globalThis.addEventListener?.('storage', heard)
      return () => globalThis.removeEventListener?.('storage', heard)
    },
  }
}

function browserStorage(): Backing | null {
  try {
    localStorage.setItem('afar', '1')
    localStorage.removeItem('afar')
    return localStorage
  } catch {
    return null
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
