import { z } from 'zod'
import { conflict } from '../../../platform/errors.ts'
import { Id, type RawRoute, route } from '../../../platform/route.ts'
import { lookingContext } from '../../../platform/work.ts'
import { InboundId } from '../../channels/schemas.ts'
import { getConversation } from '../conversations.ts'
import { fetchPicture } from './pictures.ts'
import { draftMail } from './replying.ts'
import { MailDraft } from './schemas.ts'
import { getMailHtml } from './showing.ts'
import { listMailSteps, MailStep } from './steps.ts'

export const mailRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/mail-draft',
    summary: 'Show what a reply by mail would be: to whom, from whom, under which subject',
    permission: 'conversations:reply',
    params: Id,
    returns: MailDraft,
    async run(ctx, { params }) {
      const conversation = await getConversation(ctx, params.id)
      if (conversation.channelKind !== 'mail')
        throw conflict('not_a_mail_conversation', 'This conversation does not go by mail.')
      return draftMail(ctx, conversation)
    },
  }),
  route({
    method: 'GET',
    url: '/inbound/:id/steps',
    summary: 'Show what was decided about a mail at each step',
    permission: 'channels:manage',
    params: InboundId,
    returns: z.object({ items: z.array(MailStep) }),
    run: async (ctx, { params }) => ({ items: await listMailSteps(ctx, params.id) }),
  }),
  route({
    method: 'GET',
    url: '/messages/:id/html',
    summary: 'Show the HTML of a mail, sanitised; its remote pictures are held back',
    permission: 'conversations:read',
    params: Id,
    returns: z
      .object({
        html: z.string(),
        pictures: z.array(z.object({ contentId: z.string(), url: z.string() })),
      })
      .meta({ id: 'MailHtml' }),
    run: (ctx, { params }) => getMailHtml(ctx, params.id),
  }),
]

const PictureOf = Id.extend({ place: z.coerce.number().int().min(0).max(10_000) })

export const mailRawRoutes: RawRoute[] = [
  {
    method: 'GET',
    url: '/messages/:id/pictures/:place',
    summary: 'Fetch a remote picture of a mail through Afar, because a person asked for it',
    permission: 'conversations:read',
    params: PictureOf,
    async handle(place, actor, request, reply) {
      const { id, place: at } = PictureOf.parse(request.params)
      const { html } = await getMailHtml(lookingContext(place, actor), id)
      const picture = await fetchPicture(place.outbound, html, at)
      return reply
        .headers({
          'content-type': picture.type,
          'cache-control': 'private, max-age=86400',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'same-origin',
        })
        .send(picture.body)
    },
  },
]
