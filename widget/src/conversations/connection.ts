export type Hint = { name: string; seq?: number }

export type Hearing = {
  token: () => string | null
  up: () => void
  down: () => void
  hint: (hint: Hint) => void
  typing: (typing: { on: boolean; name: string | null }) => void
  /** The server does not know this token any more. */
  refused: () => void
}

export type Connection = {
  isUp(): boolean
  say(on: boolean): void
  /** After sleep or a change of network the socket may only seem alive. */
  check(): void
  close(): void
}

export type Connect = (hearing: Hearing) => Promise<Connection>

export const loadSocket = () => import('./socket.ts')

/** Loaded only when there is a conversation to hear of. */
export const connectTo =
  (origin: string): Connect =>
  async hearing =>
    (await loadSocket()).openSocket(origin, hearing)
