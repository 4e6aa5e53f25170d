import { eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { myself } from './me.ts'
import type { NotificationSettings } from './schemas.ts'
import { notificationSettings } from './tables.ts'

/** By what a colleague wants to be told of what; until he says so himself, as the house thinks it quiet and sure. */
export async function getNotifications(ctx: Ctx): Promise<NotificationSettings> {
  const [row] = await ctx.db
    .select()
    .from(notificationSettings)
    .where(eq(notificationSettings.staffId, myself(ctx)))
  return { ...usual, ...row?.settings, ways: { ...usual.ways, ...row?.settings.ways } }
}

export async function setNotifications(ctx: Ctx, settings: NotificationSettings) {
  const staffId = myself(ctx)
  await ctx.db
    .insert(notificationSettings)
    .values({ staffId, settings, changedAt: ctx.now })
    .onConflictDoUpdate({
      target: notificationSettings.staffId,
      set: { settings, changedAt: ctx.now },
    })
  return getNotifications(ctx)
}

const told = { sound: true, desktop: true, title: true }
const seen = { sound: false, desktop: false, title: true }
const untold = { sound: false, desktop: false, title: false }

const usual: NotificationSettings = {
  ways: {
    assigned: told,
    customer_wrote: { ...told, desktop: false },
    mention: told,
    whisper: seen,
    escalation: told,
    queued: untold,
  },
  volume: 60,
  quietWhileLooking: true,
  doNotDisturb: null,
}
