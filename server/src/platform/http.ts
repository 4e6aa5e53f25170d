import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { z } from 'zod'
import type { Actor } from './context.ts'
import { can } from './context.ts'
import {
  forbidden,
  isDatabaseAway,
  isTimeout,
  Refusal,
  tooMany,
  unauthorized,
  unavailable,
} from './errors.ts'
import type { Logger } from './log.ts'
import { maskFor } from './masking.ts'
import type { Module } from './module.ts'
import { takeToken } from './rate-limits.ts'
import { readShape, strict } from './request-shapes.ts'
import type { Http, Limit, Permission, RawRoute, Route } from './route.ts'
import { lookingContext, transact, type Workplace } from './work.ts'

type Options = { url: string; secureCookies: boolean; trustProxy: boolean | string }

const nobody: Actor = { kind: 'visitor', id: null, name: '', permissions: new Set(), storeIds: [] }
const bodyLimit = 1024 * 1024

export async function openHttp(
  place: Workplace,
  modules: readonly Module[],
  options: Options,
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit,
    trustProxy: options.trustProxy,
    genReqId: () => randomUUID(),
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    // Keys such as __proto__ are refused outright instead of being dropped silently.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // An address that cannot be read or is too long reaches neither the error handler nor the hook below.
    frameworkErrors: (error, request, reply) =>
      void refuse(place.log, error, request, protect(reply as unknown as FastifyReply)),
  })
  // Fastify would hand plain text to routes that ask for JSON.
  app.removeContentTypeParser('text/plain')
  await app.register(cookie)
  await app.register(multipart, {
    limits: { files: 1, fields: 4, fieldSize: 1_000, parts: 6, headerPairs: 50 },
  })
  app.setErrorHandler((error: FastifyError, request, reply) => refuse(place.log, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    refuse(place.log, new Refusal(404, 'route_not_found', 'There is no such address.'), request, reply),
  )
  app.addHook('onSend', async (_request, reply) => void protect(reply))

  const authenticate = authenticator(place, modules)
  for (const module of modules) {
    for (const declared of module.routes ?? []) addRoute(app, place, options, authenticate, declared)
    for (const declared of module.rawRoutes ?? []) addRawRoute(app, place, authenticate, declared)
  }
  return app
}

/** What every answer says to browsers, unless it says it more exactly itself. */
function protect(reply: FastifyReply) {
  reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  if (!reply.getHeader('content-security-policy'))
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (!reply.getHeader('cache-control')) reply.header('cache-control', 'no-store')
  return reply
}

function addRoute(
  app: FastifyInstance,
  place: Workplace,
  options: Options,
  authenticate: Authenticate,
  declared: Route,
) {
  const body = strict(declared.body)
  const mask = maskFor(declared.returns)
  const status = declared.status ?? (declared.returns instanceof z.ZodVoid ? 204 : 200)
  app.route({
    method: declared.method,
    url: `/api${declared.url}`,
    handler: async (request, reply) => {
      const actor = await admit(place, authenticate, declared, request)
      const input = {
        params: readShape(declared.params, request.params, 'path'),
        query: readShape(strict(declared.query), request.query, 'query'),
        body: readShape(body, request.body, 'body'),
      }
      const { http, apply } = openExchange(place, request, reply, options)
      const answer =
        declared.method === 'GET'
          ? await declared.run(lookingContext(place, actor), input, http)
          : await transact(place, actor, ctx => Promise.resolve(declared.run(ctx, input, http)))
      apply()
      if (status === 204) return reply.code(204).send()
      const shaped = declared.returns.safeParse(answer)
      if (!shaped.success)
        throw new Error(
          `${declared.method} ${declared.url} answers off its schema: ${z.prettifyError(shaped.error)}`,
        )
      reply.code(status).header('content-type', 'application/json; charset=utf-8')
      return JSON.stringify(mask ? mask(shaped.data, actor) : shaped.data)
    },
  })
}

function addRawRoute(app: FastifyInstance, place: Workplace, authenticate: Authenticate, declared: RawRoute) {
  app.register(async scope => {
    if (declared.accepts !== 'multipart/form-data') {
      // A signature is over the bytes as they came; nothing may parse them first.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, raw, done) => done(null, raw))
    }
    scope.route({
      method: declared.method,
      url: `/api${declared.url}`,
      bodyLimit: declared.bodyLimit ?? bodyLimit,
      handler: async (request, reply) => {
        const actor = await admit(place, authenticate, declared, request)
        request.params = readShape(declared.params, request.params, 'path') ?? request.params
        request.query = readShape(strict(declared.query), request.query, 'query') ?? request.query
        return declared.handle(place, actor, request, reply)
      },
    })
  })
}

type Authenticate = (request: FastifyRequest) => Promise<Actor | null>

const authenticator = (place: Workplace, modules: readonly Module[]): Authenticate => {
  const ways = modules.flatMap(module => module.authenticate ?? [])
  return async request => {
    for (const way of ways) {
      const actor = await way(place, request)
      if (actor) return actor
    }
    return null
  }
}

async function admit(
  place: Workplace,
  authenticate: Authenticate,
  declared: { permission: Permission; limit?: Limit; url: string; method: string },
  request: FastifyRequest,
): Promise<Actor> {
  const actor = declared.permission === 'public' ? null : await authenticate(request)
  if (declared.limit) await spend(place, declared, actor, request.ip)
  if (declared.permission === 'public') return nobody
  if (!actor) throw unauthorized()
  if (declared.permission === 'visitor') {
    if (declared.method !== 'GET') await place.disk.assertRoom()
    if (actor.kind !== 'visitor') throw forbidden('permission_denied', 'Only a visitor may do this.')
  } else if (
    actor.kind === 'visitor' ||
    (declared.permission !== 'signed-in' && !can(actor, declared.permission))
  )
    throw forbidden('permission_denied', `This needs the permission ${declared.permission}.`)
  return actor
}

async function spend(
  place: Workplace,
  { limit, method, url }: { limit?: Limit; method: string; url: string },
  actor: Actor | null,
  ip: string,
) {
  const who = limit!.per === 'actor' ? (actor?.id ?? ip) : ip
  const { allowed, retryAfterSeconds } = await takeToken(
    place.pool,
    `${method} ${url} ${who}`,
    { limit: limit!.count, perSeconds: limit!.seconds },
    place.clock.now(),
  )
  if (!allowed) throw tooMany(retryAfterSeconds)
}

function openExchange(
  place: Workplace,
  request: FastifyRequest,
  reply: FastifyReply,
  { secureCookies }: Options,
): { http: Http; apply(): void } {
  const changes: (() => void)[] = []
  const base = { path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies } as const
  const http: Http = {
    ip: request.ip,
    place,
    headers: request.headers,
    setCookie: (name, value, { maxAgeSeconds }) =>
      void changes.push(() => reply.setCookie(name, value, { ...base, maxAge: maxAgeSeconds })),
    clearCookie: name => void changes.push(() => reply.clearCookie(name, base)),
  }
  const apply = () => {
    for (const change of changes) change()
  }
  return { http, apply }
}

function refuse(log: Logger, error: Error, request: FastifyRequest, reply: FastifyReply) {
  const refusal = asRefusal(error)
  if (!refusal)
    log.error({ err: error, reqId: request.id, route: request.routeOptions.url }, 'a request failed')
  const { status, code, message, details, retryAfterSeconds } =
    refusal ?? new Refusal(500, 'internal_error', `Something went wrong here; quote ${request.id}.`)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  if (status === 413) reply.header('connection', 'close')
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ error: { code, message, ...(details === undefined ? {} : { details }) } }))
}

function asRefusal(error: Error): Refusal | null {
  if (error instanceof Refusal) return error
  if (isDatabaseAway(error))
    return unavailable('database_unavailable', 'The database is away for a moment; try again.')
  if (isTimeout(error)) return unavailable('too_slow', 'This took too long; try again.', 5)
  const { statusCode, code } = error as FastifyError
  if (statusCode === 413) return new Refusal(413, 'too_large', 'The request is larger than allowed here.')
  if (statusCode === 415) return new Refusal(415, 'unsupported_media_type', 'Send JSON here.')
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new Refusal(
      statusCode,
      code ? String(code).toLowerCase() : 'bad_request',
      'The request could not be read.',
    )
  return null
}
