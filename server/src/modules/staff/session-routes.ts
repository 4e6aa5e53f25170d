import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { type Http, Nothing, type RawRoute, type Route, route } from '../../platform/route.ts'
import { transact, type Workplace } from '../../platform/work.ts'
import { setAvailability } from './availability.ts'
import { readCookie } from './cookies.ts'
import { changeMe, changePassword, getMe, myself, signOut, switchSecondFactorOff } from './me.ts'
import { getNotifications, setNotifications } from './notifications.ts'
import { assertSameOrigin } from './origin.ts'
import {
  AvailabilityState,
  Code,
  Me,
  MeChange,
  NewAvailability,
  NewSecondFactor,
  NotificationSettings,
  PasswordChange,
  PasswordProof,
  SignIn,
  SignInState,
} from './schemas.ts'
import { beginSecondFactor, confirmSecondFactor } from './second-factor.ts'
import { keepOneSession, sessionCookie, sessionLimit } from './sessions.ts'
import { passSecondFactor, signIn, type Visitor } from './sign-in.ts'
import { getStaff } from './staff.ts'

const challengeCookie = 'afar.challenge'
const deviceCookie = 'afar.device'
const challengeSeconds = 10 * 60
const deviceSeconds = 180 * 24 * 60 * 60
const sessionSeconds = sessionLimit / 1_000
const fewTries = { per: 'actor', count: 5, seconds: 300 } as const

export const sessionRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/session',
    summary: 'Tell who is signed in',
    permission: 'signed-in',
    returns: Me,
    run: getMe,
  }),
  route({
    method: 'PATCH',
    url: '/session',
    summary: 'Change my name or language',
    permission: 'signed-in',
    body: MeChange,
    returns: Me,
    run: (ctx, { body }) => changeMe(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/session/notifications',
    summary: 'Show by what I am told of what',
    permission: 'signed-in',
    returns: NotificationSettings,
    run: getNotifications,
  }),
  route({
    method: 'PUT',
    url: '/session/notifications',
    summary: 'Say by what I want to be told of what',
    permission: 'signed-in',
    body: NotificationSettings,
    returns: NotificationSettings,
    run: (ctx, { body }) => setNotifications(ctx, body),
  }),
  route({
    method: 'DELETE',
    url: '/session',
    summary: 'Sign out',
    permission: 'signed-in',
    returns: Nothing,
    async run(ctx, _input, http) {
      await signOut(ctx, cookieOf(http, sessionCookie))
      http.clearCookie(sessionCookie)
    },
  }),
  route({
    method: 'PUT',
    url: '/session/password',
    summary: 'Change my password; every other session ends',
    permission: 'signed-in',
    limit: fewTries,
    body: PasswordChange,
    returns: Nothing,
    async run(ctx, { body }, http) {
      const session = await changePassword(ctx, cookieOf(http, sessionCookie), body)
      http.setCookie(sessionCookie, session, { maxAgeSeconds: sessionSeconds })
    },
  }),
  route({
    method: 'DELETE',
    url: '/session/totp',
    summary: 'Switch the second factor off',
    permission: 'signed-in',
    limit: fewTries,
    body: PasswordProof,
    returns: Nothing,
    async run(ctx, { body }, http) {
      const session = await switchSecondFactorOff(ctx, cookieOf(http, sessionCookie), body.password)
      http.setCookie(sessionCookie, session, { maxAgeSeconds: sessionSeconds })
    },
  }),
  route({
    method: 'PUT',
    url: '/session/availability',
    summary: 'Say whether I am at work',
    permission: 'signed-in',
    body: NewAvailability,
    returns: AvailabilityState,
    run: (ctx, { body }) => setAvailability(ctx, myself(ctx), body.state, body.reason || null),
  }),
]

// These keep something of what they refuse, or need the house's keys, which a verb's transaction does not have.
export const sessionRawRoutes: RawRoute[] = [
  spoken({
    method: 'POST',
    url: '/session',
    summary: 'Sign in with e-mail address and password',
    permission: 'public',
    body: SignIn,
    returns: SignInState,
    async run({ place, request, reply }, credentials) {
      const answer = await signIn(place, credentials, visitorOf(request))
      if (answer.state === 'signed_in') return greet(place, reply, answer)
      setCookie(place, reply, challengeCookie, answer.challenge, challengeSeconds)
      return { state: answer.state }
    },
  }),
  spoken({
    method: 'POST',
    url: '/session/second-factor',
    summary: 'Finish signing in with a code of the app or a backup code',
    permission: 'public',
    body: Code,
    returns: SignInState,
    async run({ place, request, reply }, { code }) {
      const answer = await passSecondFactor(
        place,
        readCookie(request.headers, challengeCookie),
        code,
        visitorOf(request),
      )
      setCookie(place, reply, challengeCookie, '', 0)
      return greet(place, reply, answer)
    },
  }),
  spoken({
    method: 'POST',
    url: '/session/totp',
    summary: 'Begin to set up the second factor',
    permission: 'signed-in',
    returns: NewSecondFactor,
    run: ({ place, actor }) =>
      transact(place, actor, async ctx =>
        beginSecondFactor(ctx, place.secrets, await getStaff(ctx, myself(ctx))),
      ),
  }),
  spoken({
    method: 'PUT',
    url: '/session/totp',
    summary: 'Switch the second factor on with its first code',
    permission: 'signed-in',
    limit: fewTries,
    body: Code,
    returns: Nothing,
    async run({ place, actor, request, reply }, { code }) {
      const session = await transact(place, actor, async ctx => {
        await confirmSecondFactor(ctx, place.secrets, myself(ctx), code)
        ctx.audit('staff.second_factor_added', `staff:${myself(ctx)}`, ['twoFactor'])
        return keepOneSession(ctx, myself(ctx), readCookie(request.headers, sessionCookie) ?? '')
      })
      setCookie(place, reply, sessionCookie, session, sessionSeconds)
    },
  }),
]

type Asked = { place: Workplace; actor: Actor; request: FastifyRequest; reply: FastifyReply }

type Spoken<B extends z.ZodType | undefined> = Omit<RawRoute, 'handle' | 'returns' | 'body'> & {
  returns: z.ZodType
  body?: B
  run: (asked: Asked, body: B extends z.ZodType ? z.output<B> : undefined) => Promise<unknown>
}

/** A raw route that speaks JSON like all others. */
function spoken<B extends z.ZodType | undefined = undefined>({ run, ...declared }: Spoken<B>): RawRoute {
  const made = {
    ...declared,
    status: declared.returns instanceof z.ZodVoid ? (204 as const) : (200 as const),
    async handle(place: Workplace, actor: Actor, request: FastifyRequest, reply: FastifyReply) {
      assertSameOrigin(place, request)
      const answer = await run(
        { place, actor, request, reply },
        readBody(declared.body, request.body) as never,
      )
      return answer === undefined ? reply.code(204).send() : answer
    },
  }
  return made
}

function readBody(schema: z.ZodType | undefined, raw: unknown) {
  if (!schema) return undefined
  const parsed = (schema instanceof z.ZodObject ? schema.strict() : schema).safeParse(parseJson(raw))
  if (parsed.success) return parsed.data
  throw invalid(
    'invalid_request',
    'The request is not of the documented shape.',
    parsed.error.issues.map(issue => ({
      path: ['body', ...issue.path.map(String)].join('.'),
      code: issue.code,
      message: issue.message,
    })),
  )
}

/** Without NUL and halves of surrogate pairs, which PostgreSQL does not take; as http.ts does for other routes. */
function parseJson(raw: unknown): unknown {
  const wellFormed = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value
  try {
    return JSON.parse(String(raw), wellFormed)
  } catch {
    return undefined
  }
}

const visitorOf = (request: FastifyRequest): Visitor => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
  session: readCookie(request.headers, sessionCookie),
  device: readCookie(request.headers, deviceCookie),
})

function greet(
  place: Workplace,
  reply: FastifyReply,
  { session, device }: { session: string; device: string },
) {
  setCookie(place, reply, sessionCookie, session, sessionSeconds)
  setCookie(place, reply, deviceCookie, device, deviceSeconds)
  return { state: 'signed_in' as const }
}

const setCookie = (place: Workplace, reply: FastifyReply, name: string, value: string, maxAge: number) =>
  reply.setCookie(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: place.url.startsWith('https:'),
    maxAge,
  })

const cookieOf = (http: Http, name: string) => readCookie(http.headers, name) ?? ''
