import { and, arrayContains, eq, isNull, or } from 'drizzle-orm'
import type { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { storeHours } from '../settings/calendars.ts'
import { findStoreByKey } from '../settings/stores.ts'
import { textsFor } from '../settings/texts.ts'
import { staff } from '../staff/tables.ts'
import { findWebChat } from './channels.ts'
import type { WidgetConfig } from './schemas.ts'
import { WebChatSettings, webChat } from './web-chat.ts'

/** What the widget must know before anybody has said who he is. */
export async function readWidgetConfig(
  ctx: Ctx,
  storeKey: string,
  wanted: string | undefined,
): Promise<z.input<typeof WidgetConfig>> {
  const store = found(await findStoreByKey(ctx, storeKey), 'store')
  const channel = found(await findWebChat(ctx, store.id), 'channel')
  const settings = WebChatSettings.parse(channel.settings)
  const locale = chooseLocale(wanted, store.languages)
  const texts = await textsFor(ctx, store.id, locale)
  return {
    store: { key: store.key, name: store.brand || store.name, colour: settings.colour ?? store.colour },
    locale,
    dir: isRightToLeft(locale) ? 'rtl' : 'ltr',
    locales: store.languages,
    texts: { ...(settings.greeting && { 'chat.greeting': settings.greeting }), ...texts },
    ...(await storeHours(ctx, store.id)),
    agentsOnline: await isSomebodyOnline(ctx, store.id),
    uploads: { maxBytes: webChat.limits.maxAttachmentBytes, accept: [...webChat.limits.accept] },
    position: settings.position,
    requireContactWhenClosed: settings.requireContactWhenClosed,
    enforceIdentity: settings.enforceIdentity,
  }
}

/** The store's language nearest to the one wanted: the very one, the same language elsewhere, else the store's own. */
export function chooseLocale(wanted: string | undefined, languages: readonly string[]): string {
  const tag = wanted?.toLowerCase() ?? ''
  const same = languages.find(language => language.toLowerCase() === tag)
  const near = languages.find(language => primary(language) === primary(tag))
  return same ?? near ?? languages[0] ?? 'en'
}

const primary = (tag: string) => tag.toLowerCase().split('-')[0]

// Written right to left (Unicode CLDR 47, characterOrder), as far as shops speak them.
const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])
const isRightToLeft = (locale: string) => rightToLeft.has(primary(locale)!)

async function isSomebodyOnline(ctx: Ctx, storeId: string) {
  const seesStore = or(isNull(staff.storeIds), arrayContains(staff.storeIds, [storeId]))
  const isOnline = and(eq(staff.availability, 'online'), isNull(staff.deactivatedAt), seesStore)
  const [somebody] = await ctx.db.select({ id: staff.id }).from(staff).where(isOnline).limit(1)
  return somebody !== undefined
}
