import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../../platform/context.ts'
import { readJson } from '../../platform/request-shapes.ts'
import type { RawRoute } from '../../platform/route.ts'
import type { Workplace } from '../../platform/work.ts'
import { readCookie } from './cookies.ts'
import { assertSameOrigin } from './origin.ts'
import { sessionCookie, sessionLimit } from './sessions.ts'
import type { Visitor } from './sign-in.ts'

export const challengeCookie = 'afar.challenge'
const deviceCookie = 'afar.device'
export const challengeSeconds = 10 * 60
const deviceSeconds = 180 * 24 * 60 * 60
export const sessionSeconds = sessionLimit / 1_000

type Asked = { place: Workplace; actor: Actor; request: FastifyRequest; reply: FastifyReply }

type Spoken<B extends z.ZodType | undefined> = Omit<RawRoute, 'handle' | 'returns' | 'body'> & {
  returns: z.ZodType
  body?: B
  run: (asked: Asked, body: B extends z.ZodType ? z.output<B> : undefined) => Promise<unknown>
}

/** A raw route that speaks JSON like all others. */
export function spoken<B extends z.ZodType | undefined = undefined>({
  run,
  ...declared
}: Spoken<B>): RawRoute {
  const made = {
    ...declared,
    status: declared.returns instanceof z.ZodVoid ? (204 as const) : (200 as const),
    async handle(place: Workplace, actor: Actor, request: FastifyRequest, reply: FastifyReply) {
      assertSameOrigin(place, request)
      const answer = await run(
        { place, actor, request, reply },
        (declared.body && readJson(declared.body, request.body)) as never,
      )
      return answer === undefined ? reply.code(204).send() : answer
    },
  }
  return made
}

export const visitorOf = (request: FastifyRequest): Visitor => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
  session: readCookie(request.headers, sessionCookie),
  device: readCookie(request.headers, deviceCookie),
})

export function greet(
  place: Workplace,
  reply: FastifyReply,
  { session, device }: { session: string; device: string },
) {
  setCookie(place, reply, sessionCookie, session, sessionSeconds)
  setCookie(place, reply, deviceCookie, device, deviceSeconds)
  return { state: 'signed_in' as const }
}

export const setCookie = (
  place: Workplace,
  reply: FastifyReply,
  name: string,
  value: string,
  maxAge: number,
) =>
  reply.setCookie(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: place.url.startsWith('https:'),
    maxAge,
  })
