import { z } from 'zod'
import { Id, route } from '../../../platform/route.ts'
import { changeContentRule, listContentRules } from './rules.ts'
import { ContentRule, ContentRuleChange } from './schemas.ts'

export const contentRuleRoutes = [
  route({
    method: 'GET',
    url: '/content-rules',
    summary: 'List the rules for what may be said in each channel, with their earlier versions',
    permission: 'signed-in',
    returns: z.object({ items: z.array(ContentRule) }),
    run: async ctx => ({ items: await listContentRules(ctx) }),
  }),
  route({
    method: 'PATCH',
    url: '/content-rules/:id',
    summary: 'Begin a new version of a content rule',
    permission: 'channels:manage',
    params: Id,
    body: ContentRuleChange,
    returns: ContentRule,
    run: (ctx, { params, body }) => changeContentRule(ctx, params.id, body),
  }),
]
