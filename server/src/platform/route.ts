import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor, Ctx } from './context.ts'
import type { Workplace } from './work.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call: everybody, any signed-in colleague or key, a visitor with his token, or whoever holds the
 * permission, written `noun:verb`. There is no default, so leaving it out does not compile.
 */
export type Permission = 'public' | 'signed-in' | 'visitor' | `${string}:${string}`

export type Limit = { per: 'ip' | 'actor'; count: number; seconds: number }

/** What a route may know and say of the request beside its shapes. Cookies are set once the work has committed. */
export type Http = {
  ip: string
  /** For what is kept by the process and not in rows; business code has all else in its context. */
  place: Workplace
  headers: FastifyRequest['headers']
  setCookie(name: string, value: string, options: { maxAgeSeconds: number }): void
  clearCookie(name: string): void
}

type Shape = z.ZodType
type In<S> = S extends Shape ? z.output<S> : undefined

type RouteDeclaration<P, Q, B, R extends Shape> = {
  method: Method
  url: `/${string}`
  summary: string
  /** For the API document, in Markdown: what the shapes cannot say. */
  description?: string
  permission: Permission
  params?: P
  query?: Q
  body?: B
  returns: R
  status?: 200 | 201 | 202 | 204 | 303
  limit?: Limit
  run: (
    ctx: Ctx,
    input: { params: In<P>; query: In<Q>; body: In<B> },
    http: Http,
  ) => Promise<z.input<R>> | z.input<R>
}

// biome-ignore lint/suspicious/noExplicitAny: routes of all shapes stand in one list; each was checked where it was declared
export type Route = RouteDeclaration<any, any, any, any>

/** Declares an endpoint. A GET reads without a transaction; everything else runs in one. */
export const route = <
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
  R extends Shape = z.ZodVoid,
>(
  declaration: RouteDeclaration<P, Q, B, R>,
): Route => declaration

/**
 * For uploads, downloads and signed webhooks: the same declaration, but the request's body is read and the answer
 * written by hand; `body` only describes it. `accepts` is its media type, where that is not JSON.
 */
export type RawRoute = Omit<Route, 'run' | 'returns'> & {
  accepts?: string
  returns?: Shape
  bodyLimit?: number
  handle: (place: Workplace, actor: Actor, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
}

export const Id = z.object({ id: z.uuid() })
export const Nothing = z.void()
/** An opaque place in a list; a list answers `next: null` at its end. */
export const Page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
})
export const pageOf = <T extends Shape>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

/** Marks a field that only holders of `permission` see whole; others get what `hide` leaves of it. */
export const masked = <T extends Shape>(schema: T, permission: string, hide: 'email' | 'phone' | 'text'): T =>
  schema.meta({ ...schema.meta(), maskedUnless: permission, hide }) as T
