import { z } from 'zod'
import { Nothing, route } from '../../platform/route.ts'
import { leaveContact } from '../channels/visitors.ts'
import { Seq } from './schemas.ts'
import {
  findOwnConversation,
  listOwnMessages,
  NewWidgetMessage,
  readByVisitor,
  receiveFromVisitor,
  WidgetConversation,
  WidgetMessage,
} from './widget.ts'

export const widgetRoutes = [
  route({
    method: 'GET',
    url: '/widget/conversation',
    summary: 'Show the visitor his conversation',
    permission: 'visitor',
    returns: WidgetConversation.nullable(),
    run: ctx => findOwnConversation(ctx),
  }),
  route({
    method: 'GET',
    url: '/widget/messages',
    summary: 'List what was said after a place in the conversation',
    permission: 'visitor',
    query: z.object({
      afterSeq: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    returns: z.object({ items: z.array(WidgetMessage), lastSeq: z.number().int() }),
    run: (ctx, { query }) => listOwnMessages(ctx, query),
  }),
  route({
    method: 'POST',
    url: '/widget/messages',
    summary: 'Write to the merchant',
    permission: 'visitor',
    limit: { per: 'actor', count: 30, seconds: 10 },
    body: NewWidgetMessage,
    returns: z.object({ message: WidgetMessage, conversation: WidgetConversation.nullable() }),
    status: 201,
    run: (ctx, { body }) => receiveFromVisitor(ctx, body),
  }),
  route({
    method: 'PUT',
    url: '/widget/read',
    summary: 'Say up to where the visitor has read',
    permission: 'visitor',
    body: Seq,
    returns: Nothing,
    run: (ctx, { body }) => readByVisitor(ctx, body.seq),
  }),
  route({
    method: 'PUT',
    url: '/widget/contact',
    summary: 'Leave a name, mail address or number to be reached by',
    permission: 'visitor',
    limit: { per: 'actor', count: 10, seconds: 60 },
    body: z.object({
      name: z.string().trim().min(1).max(120).optional(),
      email: z.string().trim().max(254).optional(),
      phone: z.string().trim().max(40).optional(),
    }),
    returns: Nothing,
    run: (ctx, { body }) => leaveContact(ctx, body),
  }),
]
