import type { z } from 'zod'
import { invalid, Refusal, unavailable } from '../../../platform/errors.ts'
import { Id, Nothing, type RawRoute, type Route, route } from '../../../platform/route.ts'
import { readCookie } from '../cookies.ts'
import { challengeCookie, challengeSeconds, greet, setCookie, spoken, visitorOf } from '../spoken.ts'
import { asFailure } from './failures.ts'
import { changeGiver, createGiver, deleteGiver, listGivers, listSignInWays, returnPath } from './givers.ts'
import { returnFromGiver, sendToGiver } from './returning.ts'
import {
  GiverAnswer,
  GiverTrial,
  IdentityGiver,
  IdentityGiverChange,
  IdentityGiverList,
  NewIdentityGiver,
  NewTrip,
  SignInWays,
  Trip,
} from './schemas.ts'
import { tripSeconds } from './trips.ts'
import { tryGiver } from './trying.ts'

const manage = 'sign-in:manage'
const tripCookie = 'afar.trip'
/** An office behind one address begins its day together. */
const trips = { per: 'ip', count: 60, seconds: 300 } as const

export const giverRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/session/ways',
    summary: 'List the ways to sign in',
    permission: 'public',
    returns: SignInWays,
    run: ctx => listSignInWays(ctx),
  }),
  route({
    method: 'GET',
    url: '/identity-givers',
    summary: 'List the givers of identities colleagues sign in through',
    permission: manage,
    returns: IdentityGiverList,
    run: async (ctx, _, { place }) => ({ items: await listGivers(ctx, place), next: null }),
  }),
  route({
    method: 'POST',
    url: '/identity-givers',
    summary: 'Name a giver of identities (OpenID Connect)',
    description: 'Needs every permission too: who names a giver can sign in as anybody.',
    permission: manage,
    body: NewIdentityGiver,
    returns: IdentityGiver,
    status: 201,
    run: (ctx, { body }, { place }) => createGiver(ctx, place, body),
  }),
  route({
    method: 'PATCH',
    url: '/identity-givers/:id',
    summary: 'Change a giver of identities',
    permission: manage,
    params: Id,
    body: IdentityGiverChange,
    returns: IdentityGiver,
    run: (ctx, { params, body }, { place }) => changeGiver(ctx, place, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/identity-givers/:id',
    summary: 'Take a giver of identities away',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteGiver(ctx, params.id),
  }),
]

// These ask a giver, which no transaction waits for.
export const giverRawRoutes: RawRoute[] = [
  spoken({
    method: 'POST',
    url: '/identity-givers/:id/trial',
    summary: 'Look whether a giver of identities can be used, and say what is wrong',
    permission: manage,
    params: Id,
    limit: { per: 'actor', count: 20, seconds: 60 },
    returns: GiverTrial,
    run: ({ place, request }) => tryGiver(place, (request.params as z.output<typeof Id>).id),
  }),
  spoken({
    method: 'POST',
    url: '/session/giver-trips',
    summary: 'Begin to sign in through a giver: the address to go to',
    permission: 'public',
    limit: trips,
    body: NewTrip,
    returns: Trip,
    async run({ place, reply }, trip) {
      const { url, browser } = await sendToGiver(place, trip).catch(error => {
        const failure = asFailure(error)
        if (!failure) throw error
        place.log.warn({ giverId: trip.giverId, err: failure }, 'a giver of identities cannot be used')
        throw failure.code === 'giver_unreachable'
          ? unavailable(failure.code, 'This giver of identities does not answer.')
          : invalid(failure.code, 'This giver of identities cannot be used as it is set up.')
      })
      setCookie(place, reply, tripCookie, browser, tripSeconds)
      return { url }
    },
  }),
  {
    method: 'GET',
    url: returnPath,
    summary: 'Where a giver of identities sends people back to',
    description:
      'Redirects into the console: signed in, to the second factor, or to the sign-in page with what was refused.',
    permission: 'public',
    limit: trips,
    query: GiverAnswer,
    status: 303,
    async handle(place, _actor, request, reply) {
      const to = (path: string) => reply.redirect(`${place.url}${path}`, 303)
      const browser = readCookie(request.headers, tripCookie)
      setCookie(place, reply, tripCookie, '', 0)
      try {
        const said = request.query as z.output<typeof GiverAnswer>
        const { answer, next } = await returnFromGiver(place, said, browser, visitorOf(request))
        if (answer.state === 'signed_in') {
          greet(place, reply, answer)
          return to(next)
        }
        setCookie(place, reply, challengeCookie, answer.challenge, challengeSeconds)
        return to(`/sign-in?step=code&next=${encodeURIComponent(next)}`)
      } catch (error) {
        const failure = asFailure(error) ?? (error instanceof Refusal ? error : null)
        if (!failure) throw error
        place.log.warn({ err: failure }, 'a sign-in through a giver was refused')
        return to(`/sign-in?refused=${failure.code}`)
      }
    },
  },
]
