import { z } from 'zod'
import { can } from '../../platform/context.ts'
import { forbidden } from '../../platform/errors.ts'
import { Id, Nothing, pageOf, type RawRoute, route } from '../../platform/route.ts'
import { lookingContext, transact } from '../../platform/work.ts'
import { InboundBody } from './api-channel.ts'
import {
  changeChannel,
  createChannel,
  endPreviousSecret,
  getChannel,
  listChannels,
  rotateSecret,
} from './channels.ts'
import { retryInbound } from './ledger.ts'
import { getInbound, listInbound, openRaw } from './listing.ts'
import { receiveWebhook } from './receiving.ts'
import {
  Channel,
  ChannelChange,
  InboundDetail,
  InboundFilter,
  InboundId,
  InboundPage,
  NewChannel,
  NewSecret,
  WidgetConfig,
} from './schemas.ts'
import { endVisitor } from './visitors.ts'
import { readWidgetConfig } from './widget.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/channels',
    summary: 'List the channels',
    permission: 'channels:manage',
    returns: pageOf(Channel),
    run: async ctx => ({ items: await listChannels(ctx), next: null }),
  }),
  route({
    method: 'POST',
    url: '/channels',
    summary: 'Open a channel',
    permission: 'channels:manage',
    body: NewChannel,
    returns: Channel,
    status: 201,
    run: (ctx, { body }) => createChannel(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/channels/:id',
    summary: 'Show a channel',
    permission: 'channels:manage',
    params: Id,
    returns: Channel,
    run: (ctx, { params }) => getChannel(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/channels/:id',
    summary: 'Change a channel, or switch it on or off',
    permission: 'channels:manage',
    params: Id,
    body: ChannelChange,
    returns: Channel,
    run: (ctx, { params, body }) => changeChannel(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/channels/:id/previous-secret',
    summary: 'End the secret before the present one at once',
    permission: 'channels:manage',
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => endPreviousSecret(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/inbound',
    summary: 'List what came in, newest first',
    permission: 'channels:manage',
    query: InboundFilter,
    returns: InboundPage,
    run: (ctx, { query }) => listInbound(ctx, query),
  }),
  route({
    method: 'GET',
    url: '/inbound/:id',
    summary: 'Show an item as it came',
    permission: 'channels:manage',
    params: InboundId,
    returns: InboundDetail,
    run: (ctx, { params }) => getInbound(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/inbound/:id/retry',
    summary: 'Take in again what was set aside',
    permission: 'channels:manage',
    params: InboundId,
    returns: InboundDetail,
    run: (ctx, { params }) => retryInbound(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/widget/config',
    summary: "Describe a store's chat to the widget",
    permission: 'public',
    query: z.object({ store: z.string().min(1).max(100), locale: z.string().max(35).optional() }),
    returns: WidgetConfig,
    run: (ctx, { query }) => readWidgetConfig(ctx, query.store, query.locale),
  }),
  route({
    method: 'DELETE',
    url: '/widget/session',
    summary: 'End the session: the token is no longer good',
    permission: 'visitor',
    returns: Nothing,
    run: ctx => endVisitor(ctx, ctx.actor.bound!.visitorId!),
  }),
]

const aboutSignatures = `\`afar-timestamp\` is the Unix second, at most five minutes off; \`afar-signature\` is \`v1=\` and the hex of HMAC-SHA256(secret, timestamp + "." + the body's bytes). Any secret of the channel that still lives is good. See docs/webhooks.md.`
const aboutRotation = `While two secrets live, what Afar sends carries a signature for each in \`afar-signature\`, the new one first, separated by a comma: \`v1=…,v1=…\`. Accept a delivery when one of them is right.`

const Accepted = z.object({ state: z.enum(['accepted', 'repeated']) })

export const rawRoutes: RawRoute[] = [
  {
    method: 'PUT',
    url: '/channels/:id/secret',
    summary: 'Make a new secret and show it once; the one before stays good until it is ended',
    description: aboutRotation,
    permission: 'channels:manage',
    params: Id,
    returns: NewSecret,
    async handle(place, actor, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      return reply.send(await transact(place, actor, ctx => rotateSecret(ctx, place.secrets, id)))
    },
  },
  {
    method: 'GET',
    url: '/inbound/:id/raw',
    summary: 'Download an item as it came, a mail as .eml',
    permission: 'channels:manage',
    params: InboundId,
    async handle(place, actor, request, reply) {
      if (!can(actor, 'customers:contact-details'))
        throw forbidden(
          'contact_details_hidden',
          'A raw item shows how to reach a customer, which you may not see.',
        )
      const { id } = request.params as z.output<typeof InboundId>
      const { kind, content } = await openRaw(lookingContext(place, actor), place.files, id)
      const [type, ending] = kind === 'mail' ? ['message/rfc822', 'eml'] : ['application/json', 'json']
      return reply
        .headers({
          'content-type': type,
          'content-disposition': `attachment; filename="inbound-${id}.${ending}"`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'cache-control': 'private, no-store',
        })
        .send(content)
    },
  },
  {
    method: 'POST',
    url: '/channels/:id/inbound',
    summary: 'Hand in what a customer wrote, signed with the secret of the channel',
    permission: 'public',
    params: Id,
    description: aboutSignatures,
    body: InboundBody,
    bodyLimit: 1024 * 1024,
    returns: Accepted,
    status: 202,
    async handle(place, _nobody, request, reply) {
      const { id } = request.params as z.output<typeof Id>
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const answer = await receiveWebhook(place, id, request.headers, raw)
      return reply.code(202).send({ state: answer === 'new' ? 'accepted' : 'repeated' })
    },
  },
]
