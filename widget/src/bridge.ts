import type { Direction, Identity, Page } from './api/shapes.ts'

/** What the launcher in the shop's page says to the chat in the iframe. */
export type ToChat =
  | {
      afar: 'hello'
      dataLocale: string
      pageLang: string
      page: Page
      open: boolean
      identity?: Identity | null
    }
  | { afar: 'open'; text?: string; page: Page }
  | { afar: 'close' }
  | { afar: 'identify'; identity: Identity | null }
  | { afar: 'locale'; locale: string }

export type Look = {
  colour: string
  ink: string
  dir: Direction
  lang: string
  title: string
  openLabel: string
  closeLabel: string
  unread: number
  unreadLabel: string
  side: 'start' | 'end'
}

/** What the chat says to the launcher. */
export type ToLauncher =
  | { afar: 'ready' }
  | { afar: 'look'; look: Look }
  | { afar: 'drawn' }
  | { afar: 'close' }
  | { afar: 'event'; name: string; detail: unknown }
