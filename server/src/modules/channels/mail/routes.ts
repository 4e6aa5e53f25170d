import type { z } from 'zod'
import { invalid } from '../../../platform/errors.ts'
import { readJson } from '../../../platform/request-shapes.ts'
import { Id, Nothing, type RawRoute, route } from '../../../platform/route.ts'
import { transact } from '../../../platform/work.ts'
import { failureOf } from './failures.ts'
import { beginGrant, claimGrant, completeGrant, findGiverOf, grantPath } from './grants.ts'
import { askToCompare, askToFetch, readMailChannel, setCredentials, showMailbox } from './mailbox.ts'
import { CredentialsChange, Grant, GrantAnswer, Mailbox, Trial, TrialRequest } from './schemas.ts'
import { prepareTrial } from './trial-requests.ts'
import { tryMailbox } from './trying.ts'

export const mailRoutes = [
  route({
    method: 'POST',
    url: '/channels/:id/mailbox/fetch',
    summary: 'Look for new mail now',
    permission: 'channels:manage',
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => askToFetch(ctx, params.id),
  }),
  route({
    method: 'POST',
    url: '/channels/:id/mailbox/comparison',
    summary: 'Compare now what the server holds with what is here, and fetch what is missing',
    permission: 'channels:manage',
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => askToCompare(ctx, params.id),
  }),
]

const redirected = 'Answers with a redirect to the console, which says in its address how it went.'

export const mailRawRoutes: RawRoute[] = [
  {
    method: 'GET',
    url: '/channels/:id/mailbox',
    summary: 'Show how a mailbox fares: its connection, its folders, what is missing',
    permission: 'channels:manage',
    params: Id,
    returns: Mailbox,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      return reply.send(await transact(place, actor, ctx => showMailbox(ctx, place.secrets, id)))
    },
  },
  {
    method: 'PUT',
    url: '/channels/:id/mailbox/credentials',
    summary: 'Set passwords, tokens and keys; they are never shown again',
    permission: 'channels:manage',
    params: Id,
    body: CredentialsChange,
    returns: Nothing,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const change = readJson(CredentialsChange, request.body)
      await transact(place, actor, ctx => setCredentials(ctx, place.secrets, id, change))
      return reply.code(204).send()
    },
  },
  {
    method: 'POST',
    url: '/channels/:id/mailbox/trial',
    summary: 'Try both directions of a mailbox, and say step by step what works',
    permission: 'channels:manage',
    params: Id,
    body: TrialRequest,
    returns: Trial,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const asked = readJson(TrialRequest, request.body)
      const account = await transact(place, actor, ctx => prepareTrial(ctx, place.secrets, id, asked))
      return reply.send({ steps: await tryMailbox(place, account, asked) })
    },
  },
  {
    method: 'POST',
    url: '/channels/:id/mailbox/grant',
    summary: 'Begin to ask for consent at the giver of tokens: the address to go to',
    permission: 'channels:manage',
    params: Id,
    returns: Grant,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const { settings } = await transact(place, actor, ctx => readMailChannel(ctx, id))
      const giver = await findGiverOf(place, settings).catch(error => {
        const { code, detail } = failureOf(error)
        throw invalid('no_token_giver', detail, { failure: code })
      })
      return reply.send(await transact(place, actor, ctx => beginGrant(ctx, place, id, giver)))
    },
  },
  {
    method: 'GET',
    url: grantPath,
    summary: 'Where the giver of tokens sends people back to',
    description: redirected,
    permission: 'channels:manage',
    query: GrantAnswer,
    async handle(place, actor, request, reply) {
      const { state, code, error } = request.query as z.output<typeof GrantAnswer>
      const act: Parameters<typeof completeGrant>[1] = work => transact(place, actor, work)
      const channel = await act(ctx => claimGrant(ctx, state))
      const failure = code
        ? await completeGrant(place, act, channel, { state, code })
        : { code: 'token_refused' }
      const outcome = failure ? `refused&reason=${encodeURIComponent(error ?? failure.code)}` : 'given'
      return reply.redirect(`${place.url}/settings/channels/${channel.id}?grant=${outcome}`, 303)
    },
  },
]
