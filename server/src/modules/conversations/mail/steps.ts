import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Ctx } from '../../../platform/context.ts'
import { getInbound } from '../../channels/listing.ts'
import { mailFolders, mailSightings } from '../../channels/mail/tables.ts'
import { lanes } from '../../channels/tables.ts'
import { mailReports, mails } from './tables.ts'

export const MailStep = z
  .object({
    at: z.date().nullable(),
    step: z.enum([
      'received',
      'seen',
      'settled',
      'read',
      'authenticated',
      'threaded',
      'placed',
      'acknowledgement',
      'reported',
      'ignored',
      'parked',
      'waiting',
    ]),
    params: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'MailStep' })
type MailStep = z.output<typeof MailStep>

/** What was decided about a mail at each step, from its arrival to its place; code words and ids, no contents. */
export async function listMailSteps(ctx: Ctx, inboundId: number): Promise<MailStep[]> {
  const item = await getInbound(ctx, inboundId)
  const sightings = await ctx.db
    .select({ sighting: mailSightings, path: mailFolders.path })
    .from(mailSightings)
    .innerJoin(mailFolders, eq(mailFolders.id, mailSightings.folderId))
    .where(eq(mailSightings.sha256, item.externalId))
    .orderBy(asc(mailSightings.seenAt))
  const [mail] = await ctx.db.select().from(mails).where(eq(mails.inboundId, inboundId))
  const reports = await ctx.db.select().from(mailReports).where(eq(mailReports.inboundId, inboundId))
  const isHistory = (lanes.history as readonly number[]).includes(item.lane)
  return [
    {
      at: item.receivedAt,
      step: 'received',
      params: { bytes: item.rawBytes, traffic: isHistory ? 'history' : 'live', ...item.headers },
    },
    ...sightings.flatMap(({ sighting, path }): MailStep[] => [
      { at: sighting.seenAt, step: 'seen', params: { folder: path, uid: sighting.uid } },
      ...(sighting.settledAt
        ? [{ at: sighting.settledAt, step: 'settled' as const, params: { folder: path } }]
        : []),
    ]),
    ...(mail ? stepsOf(mail) : []),
    ...reports.map(
      ({ at, kind, address, class: how, status, reason }): MailStep => ({
        at,
        step: 'reported',
        params: { kind, address, class: how, status, reason },
      }),
    ),
    ...endOf(item),
  ]
}

function stepsOf({
  findings,
  automatic,
  authentication,
  threadedBy,
  acknowledgement,
}: typeof mails.$inferSelect): MailStep[] {
  return [
    { at: null, step: 'read', params: { findings, automatic } },
    ...(authentication
      ? [
          {
            at: null,
            step: 'authenticated' as const,
            params: {
              spf: authentication.spf.result,
              dkim: authentication.dkim.map(({ result }) => result),
              dmarc: authentication.dmarc.result,
              by: authentication.by,
            },
          },
        ]
      : []),
    ...(threadedBy ? [{ at: null, step: 'threaded' as const, params: { by: threadedBy } }] : []),
    ...(acknowledgement
      ? [{ at: null, step: 'acknowledgement' as const, params: { decision: acknowledgement } }]
      : []),
  ]
}

function endOf(item: Awaited<ReturnType<typeof getInbound>>): MailStep[] {
  const { conversationId, messageId, reason, attempts, nextAt, doneAt } = item
  if (item.state === 'done') return [{ at: doneAt, step: 'placed', params: { conversationId, messageId } }]
  if (item.state === 'ignored') return [{ at: doneAt, step: 'ignored', params: { reason } }]
  if (item.state === 'parked') return [{ at: null, step: 'parked', params: { reason, attempts } }]
  return [{ at: nextAt, step: 'waiting', params: { reason, attempts } }]
}
