import { buffer } from 'node:stream/consumers'
import { eq } from 'drizzle-orm'
import { system } from '../../platform/context.ts'
import { on } from '../../platform/events.ts'
import { enqueue, type Job } from '../../platform/queue.ts'
import { lookingContext, type Workplace } from '../../platform/work.ts'
import { composeDelivery } from '../channels/mail/mail-channel.ts'
import { appendToSent } from '../channels/mail/sending.ts'
import { MailSettings } from '../channels/mail/settings.ts'
import { channels } from '../channels/tables.ts'
import { deliveryChanged } from './events.ts'
import { deliveries } from './tables.ts'

const job = 'outreach.copy-to-sent'

/** The copy in the mailbox is a job of its own: that it fails must never send the mail again. */
export const copyToSent = on(deliveryChanged, job, async (ctx, { deliveryId, channelId, state }) => {
  if (state !== 'done') return
  const [channel] = await ctx.db.select().from(channels).where(eq(channels.id, channelId))
  const settings = channel?.kind === 'mail' ? MailSettings.parse(channel.settings) : null
  if (settings?.sentFolder) await enqueue(ctx, job, { deliveryId }, { key: `${job} ${deliveryId}` })
})

export const sentCopies: Job = {
  name: job,
  async run(place: Workplace, { deliveryId }: { deliveryId: string }) {
    const [row] = await lookingContext(place, system)
      .db.select({ delivery: deliveries, channel: channels })
      .from(deliveries)
      .innerJoin(channels, eq(channels.id, deliveries.channelId))
      .where(eq(deliveries.id, deliveryId))
    if (!row) return
    const account = { id: row.channel.id, settings: MailSettings.parse(row.channel.settings) }
    const { mailId, open } = await composeDelivery(place, account, row.delivery)
    await appendToSent(place, account, await buffer(await open()), mailId)
  },
}
