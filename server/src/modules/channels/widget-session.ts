import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import type { RawRoute } from '../../platform/route.ts'
import { transact } from '../../platform/work.ts'
import { readJson } from './json.ts'
import { NewVisitorSession } from './schemas.ts'
import { openVisitorSession } from './visitors.ts'

/**
 * The way in for the widget. What the visitor finds there, his conversation, is known further down the order
 * of modules: whoever knows it declares the route with `find`, which runs as the visitor.
 */
export const visitorSessionRoute = <C extends z.ZodType>(
  shape: C,
  find: (ctx: Ctx) => Promise<z.input<C>>,
): RawRoute => {
  const VisitorSession = z.object({ token: z.string(), verified: z.boolean(), conversation: shape })
  return {
    method: 'POST',
    url: '/widget/session',
    summary: 'Begin or go on as a visitor',
    permission: 'public',
    limit: { per: 'ip', count: 120, seconds: 60 },
    body: NewVisitorSession,
    returns: VisitorSession,
    async handle(place, nobody, request, reply) {
      const input = readJson(NewVisitorSession, request.body)
      const session = await transact(place, nobody, async ctx => {
        const { actor, ...opened } = await openVisitorSession(ctx, place.secrets, input)
        return { ...opened, conversation: await find({ ...ctx, actor }) }
      })
      return reply.send(VisitorSession.parse(session))
    },
  }
}
