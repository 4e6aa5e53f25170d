import { z } from 'zod'
import { masked, Page, pageOf } from '../../platform/route.ts'
import { LanguageTag } from '../settings/schemas.ts'
import { adapterOf } from './adapters.ts'
import { SignedIdentity } from './identity.ts'
import { prose } from './json.ts'
import { type ChannelKind, channelKinds, inboundStates } from './tables.ts'

/** Secrets are never in here: whether there are any is all that can be read. */
export const Channel = z
  .object({
    id: z.uuid(),
    storeId: z.uuid(),
    kind: z.enum(channelKinds),
    name: z.string(),
    settings: z.record(z.string(), z.unknown()),
    active: z.boolean(),
    hasSecret: z.boolean(),
    hasPreviousSecret: z.boolean(),
    createdAt: z.date(),
  })
  .meta({ id: 'Channel' })
export type Channel = z.output<typeof Channel>

const Name = z.string().trim().min(1).max(100)
const newChannel = { storeId: z.uuid(), name: Name }
const settingsOf = (kind: ChannelKind) => adapterOf(kind).settings.prefault({})

export const NewChannel = z.discriminatedUnion('kind', [
  z.strictObject({ ...newChannel, kind: z.literal('web_chat'), settings: settingsOf('web_chat') }),
  z.strictObject({ ...newChannel, kind: z.literal('api'), settings: settingsOf('api') }),
  z.strictObject({ ...newChannel, kind: z.literal('mail'), settings: settingsOf('mail') }),
])
export type NewChannel = z.output<typeof NewChannel>

/** Settings given are laid over those that stand. */
export const ChannelChange = z.object({
  name: Name.optional(),
  settings: z.record(z.string().max(100), z.unknown()).optional(),
  active: z.boolean().optional(),
})
export type ChannelChange = z.output<typeof ChannelChange>

export const NewSecret = z.object({ secret: z.string() }).meta({ id: 'ChannelSecret' })

export const InboundItem = z
  .object({
    id: z.number().int(),
    channelId: z.uuid(),
    externalId: z.string(),
    line: z.string(),
    receivedAt: z.date(),
    state: z.enum(inboundStates),
    attempts: z.number().int(),
    nextAt: z.date().nullable(),
    reason: z.string().nullable(),
    messageId: z.uuid().nullable(),
    conversationId: z.uuid().nullable(),
    doneAt: z.date().nullable(),
    rawBytes: z.number().int(),
  })
  .meta({ id: 'InboundItem' })

/** The bytes hold names, addresses and words as the customer sent them, so they are masked as a whole. */
export const InboundDetail = InboundItem.extend({
  raw: masked(z.string(), 'customers:contact-details', 'text'),
  headers: z.record(z.string(), z.string()),
}).meta({ id: 'InboundDetail' })

export const InboundPage = pageOf(InboundItem)
export const InboundId = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

export const InboundFilter = Page.extend({
  state: z.enum(inboundStates).optional(),
  channelId: z.uuid().optional(),
})
export type InboundFilter = z.output<typeof InboundFilter>

export const NewVisitorSession = z.strictObject({
  store: z.string().min(1).max(100),
  /** An earlier token, to go on with. */
  token: z.string().max(200).optional(),
  identity: SignedIdentity.optional(),
  locale: LanguageTag,
  page: z
    .strictObject({ url: prose(2_000), title: prose(300).optional(), referrer: prose(2_000).optional() })
    .optional(),
})
export type NewVisitorSession = z.output<typeof NewVisitorSession>

export const WidgetConfig = z
  .object({
    store: z.object({ key: z.string(), name: z.string(), colour: z.string() }),
    locale: z.string(),
    dir: z.enum(['ltr', 'rtl']),
    locales: z.array(z.string()),
    texts: z.record(z.string(), z.string()),
    open: z.boolean(),
    opensAt: z.date().nullable(),
    agentsOnline: z.boolean(),
    uploads: z.object({ maxBytes: z.number().int(), accept: z.array(z.string()) }),
    position: z.enum(['start', 'end']),
    requireContactWhenClosed: z.boolean(),
    enforceIdentity: z.boolean(),
  })
  .meta({ id: 'WidgetConfig' })
