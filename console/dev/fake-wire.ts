import type { Server } from 'node:http'
import { Server as SocketServer } from 'socket.io'

// biome-ignore lint/suspicious/noExplicitAny: a fake takes what it is given
export type Ask = { params: string[]; query: URLSearchParams; body: any }
export type FakeRoute = [method: string, pattern: RegExp, run: (ask: Ask) => unknown]
export class Refused extends Error {
  status = 500
  details: unknown
}
export const refuse = (status: number, code: string, details?: unknown): never => {
  throw Object.assign(new Refused(code), { status, details })
}

let io: SocketServer | undefined
let eventId = 0
export const openSocket = (http: Server) => {
  io = new SocketServer(http, { path: '/api/socket', serveClient: false })
  return io.of('/staff')
}
export const tell = (name: string, conversationId?: string, more: object = {}) =>
  io?.of('/staff').emit('event', { id: ++eventId, name, conversationId, ...more })
export const tellPresence = (presence: object) => io?.of('/staff').emit('presence', presence)
