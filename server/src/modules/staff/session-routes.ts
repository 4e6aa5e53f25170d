import { type Http, Nothing, type RawRoute, type Route, route } from '../../platform/route.ts'
import { transact } from '../../platform/work.ts'
import { setAvailability } from './availability.ts'
import { readCookie } from './cookies.ts'
import { changeMe, changePassword, getMe, myself, signOut, switchSecondFactorOff } from './me.ts'
import { getNotifications, setNotifications } from './notifications.ts'
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
import { keepOneSession, sessionCookie } from './sessions.ts'
import { passSecondFactor, signIn } from './sign-in.ts'
import {
  challengeCookie,
  challengeSeconds,
  greet,
  sessionSeconds,
  setCookie,
  spoken,
  visitorOf,
} from './spoken.ts'
import { getStaff } from './staff.ts'

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

const cookieOf = (http: Http, name: string) => readCookie(http.headers, name) ?? ''
