import { type Call, isPassing, Refusal, Unreachable } from '../api/calls.ts'
import type { Identity, Opened, Page } from '../api/shapes.ts'
import type { BrowserMemory } from '../browser-memory.ts'
import { takeTurn } from './tabs.ts'

/** `owner` is the shop's own id of a proven visitor, empty for a nameless one. */
type Session = { token: string; owner: string; expiresAt: number | null }

type Desk = {
  store: string
  memory: BrowserMemory
  call: Call
  /** Ends a session on the server, as well as can be. */
  dismiss: (token: string) => void
  locale: () => string
  page: () => Page | undefined
  /** Another person sits here now: nothing of the one before may stay in sight. */
  changed: () => void
  refused: (code: string) => void
  now?: () => number
}

type Way = { owner: string; token?: string; identity?: Identity }

/** Who sits at this browser, and by which token the server knows him. */
export function receiveVisitor({
  store,
  memory,
  call,
  dismiss,
  locale,
  page,
  changed,
  refused,
  now = Date.now,
}: Desk) {
  const kept = () => memory.get<Session>('session')
  const expiresAt = kept()?.expiresAt
  if (expiresAt && expiresAt * 1_000 < now()) memory.remove('session')

  let identity: Identity | null = null
  let owner = kept()?.owner ?? ''
  let turn = 0
  let opening: Promise<Opened> | null = null

  function become(next: string) {
    turn++
    owner = next
    changed()
  }

  async function begin(): Promise<Opened> {
    const asked = turn
    const before = kept()
    const token = before?.owner === owner ? before.token : undefined
    // Together they keep the session; a token gone stale must not spoil a good proof, nor the other way round.
    const ways: Way[] = [{ owner: '' }]
    if (token) ways.unshift({ owner, token })
    if (identity) ways.unshift({ owner, identity })
    if (identity && token) ways.unshift({ owner, token, identity })

    for (const way of ways)
      try {
        const said = way.identity && proofOf(way.identity)
        const body = { store, locale: locale() || 'en', page: page(), token: way.token, identity: said }
        const opened = await call<Opened>('POST', '/session', body)
        if (asked !== turn) throw new Unreachable()
        const person = opened.verified ? way.owner : ''
        const until = person ? (way.identity ? expiryOf(way.identity) : (before?.expiresAt ?? null)) : null
        memory.set('session', { token: opened.token, owner: person, expiresAt: until } satisfies Session)
        if (person !== owner) become(person)
        return opened
      } catch (error) {
        const isFinal = way === ways.at(-1) || !(error instanceof Refusal) || error.code.startsWith('store')
        if (asked !== turn || isPassing(error) || isFinal) throw error
        if (!way.identity || way.token) continue
        identity = null
        refused(error.code)
      }
    throw new Unreachable()
  }

  function open(): Promise<Opened> {
    opening ??= takeTurn(`afar:${store}:session`, begin).finally(() => {
      opening = null
    })
    return opening
  }

  const stop = memory.onChange((key, value) => {
    if (key !== 'session') return
    const next = (value as Session | null)?.owner ?? ''
    if (next === owner) return
    if (!identity || ownerOf(identity) !== next) identity = null
    become(next)
  })

  return {
    owner: () => owner,
    turn: () => turn,
    token: () => kept()?.token ?? null,
    isProven: () => identity !== null,
    open,
    stop,
    /** Another tab may have renewed the token meanwhile. Refuses to go on as somebody else. */
    async renew(refusedToken: string) {
      const before = owner
      if (kept()?.token === refusedToken) await open()
      if (owner !== before) throw new Unreachable()
    },
    /** What the shop's page says of its visitor. True when this is another person than before. */
    identify(next: Identity | null): boolean {
      const person = next ? ownerOf(next) : ''
      identity = person ? next : null
      if (person === owner) return false
      const before = kept()
      if (before) dismiss(before.token)
      memory.remove('session')
      become(person)
      return true
    },
  }
}

export type Visitor = ReturnType<typeof receiveVisitor>

const proofOf = ({ jwt, userId, expiresAt, signature, name, email, phone }: Identity) =>
  jwt ? { jwt } : { userId, expiresAt, signature, name, email, phone }

/** Only to tell one person from another; whether the proof holds is for the server to say. */
function ownerOf({ jwt, userId, signature }: Identity): string {
  if (!jwt) return signature && userId ? userId : ''
  const { sub, userId: id } = claimsOf(jwt)
  return String(sub ?? id ?? jwt.slice(-24))
}

const expiryOf = ({ jwt, expiresAt }: Identity) =>
  jwt ? Number(claimsOf(jwt).exp) || null : (expiresAt ?? null)

function claimsOf(jwt: string): Record<string, unknown> {
  try {
    const base64 = (jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {}
  } catch {
    return {}
  }
}
