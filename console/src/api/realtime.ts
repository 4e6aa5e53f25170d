import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { io, type Socket } from 'socket.io-client'

/** What the server pushes: a hint that something happened, ids only. What it is now is fetched. */
export type PushedEvent = {
  id: number
  name: string
  conversationId?: string
  customerId?: string
  seq?: number
  [id: string]: unknown
}
export type Presence = {
  conversationId: string
  staffId: string
  name: string | null
  typing: boolean
  viewing: boolean
}
/** Somebody has an unsent draft; of what it says nothing is told. */
export type DraftSign = { conversationId: string; staffId: string; name: string | null; on: boolean }
export type Connection = 'connecting' | 'connected' | 'lost'

const heartbeatEvery = 15_000

let socket: Socket | undefined
let connection: Connection = 'connecting'
let lostAt: number | undefined
const watchers = new Set<() => void>()
const listeners = new Set<(event: PushedEvent) => void>()
const presenceListeners = new Set<(presence: Presence) => void>()
const draftListeners = new Set<(sign: DraftSign) => void>()
const reconnectListeners = new Set<() => void>()
const selfRefreshing = new Set<string>()

/**
 * An event `customer.merged` makes every query whose key starts with `customer` fetch again, so there is no
 * table of event → query. Features that patch their cache themselves claim their noun with `refreshesItself`.
 */
export function followEvents(queries: QueryClient) {
  socket = io('/staff', { path: '/api/socket', transports: ['websocket', 'polling'], withCredentials: true })
  let connectedBefore = false
  socket.on('connect', () => {
    setConnection('connected')
    socket?.emit('heartbeat', {})
    if (connectedBefore) catchUp(queries)
    connectedBefore = true
  })
  socket.on('disconnect', reason => {
    setConnection('lost')
    // Put out by the server: the session ended or access changed. It alone does not come back by itself.
    if (reason === 'io server disconnect') {
      queries.invalidateQueries({ queryKey: ['session'] })
      socket?.connect()
    }
  })
  socket.on('connect_error', error => {
    setConnection('lost')
    if (error.message === 'not_signed_in') queries.invalidateQueries({ queryKey: ['session'] })
  })
  socket.on('event', (event: PushedEvent) => {
    const noun = event.name.split('.')[0]!
    if (!selfRefreshing.has(noun)) queries.invalidateQueries({ queryKey: [noun] })
    for (const listener of listeners) listener(event)
  })
  socket.on('presence', (presence: Presence) => {
    for (const listener of presenceListeners) listener(presence)
  })
  socket.on('draft', (sign: DraftSign) => {
    for (const listener of draftListeners) listener(sign)
  })
  const heartbeat = setInterval(() => socket?.connected && socket.emit('heartbeat', {}), heartbeatEvery)
  return () => {
    clearInterval(heartbeat)
    socket?.close()
    socket = undefined
    connection = 'connecting'
  }
}

/** Nothing is replayed after a cut: whatever is on the screen is fetched again, threads from their cursor. */
function catchUp(queries: QueryClient) {
  for (const listener of reconnectListeners) listener()
  queries.invalidateQueries()
}

export const refreshesItself = (noun: string) => void selfRefreshing.add(noun)
export const onEvent = (listener: (event: PushedEvent) => void) => subscribe(listeners, listener)
export const onPresence = (listener: (presence: Presence) => void) => subscribe(presenceListeners, listener)
export const onDraftSign = (listener: (sign: DraftSign) => void) => subscribe(draftListeners, listener)
export const onReconnect = (listener: () => void) => subscribe(reconnectListeners, listener)

export const sayTyping = (conversationId: string, on: boolean) =>
  void socket?.emit('typing', { conversationId, on })
export const sayViewing = (conversationId: string, on: boolean) =>
  void socket?.emit('viewing', { conversationId, on })

export const sayDraft = (conversationId: string, on: boolean) =>
  void socket?.emit('draft', { conversationId, on })

export function useEvents(listener: (event: PushedEvent) => void) {
  useEffect(() => onEvent(listener), [listener])
}

export function useConnection(): { state: Connection; lostAt: number | undefined } {
  const state = useSyncExternalStore(
    watch => subscribe(watchers, watch),
    () => connection,
  )
  return { state, lostAt }
}

function setConnection(next: Connection) {
  if (next === connection) return
  lostAt = next === 'lost' ? Date.now() : undefined
  connection = next
  for (const watch of watchers) watch()
}

function subscribe<T>(set: Set<T>, member: T) {
  set.add(member)
  return () => void set.delete(member)
}
