import { z } from 'zod'
import { masked, Page, pageOf } from '../../platform/route.ts'
import { deliveryStates, suppressionReasons } from './tables.ts'

export const Delivery = z
  .object({
    id: z.uuid(),
    channelId: z.uuid(),
    messageId: z.uuid(),
    conversationId: z.uuid(),
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    notBefore: z.date(),
    giveUpAt: z.date(),
    reason: z.string().nullable(),
    providerRef: z.string().nullable(),
    to: masked(z.string(), 'customers:contact-details', 'text'),
    text: masked(z.string(), 'customers:contact-details', 'text'),
    createdAt: z.date(),
    doneAt: z.date().nullable(),
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.output<typeof Delivery>

export const DeliveryPage = pageOf(Delivery)

export const DeliveryFilter = Page.extend({
  state: z.enum(deliveryStates).optional(),
  channelId: z.uuid().optional(),
})
export type DeliveryFilter = z.output<typeof DeliveryFilter>

export const Suppression = z
  .object({
    id: z.uuid(),
    kind: z.enum(['email', 'phone']),
    address: masked(z.string(), 'customers:contact-details', 'email'),
    topic: z.string().nullable(),
    reason: z.enum(suppressionReasons),
    suppressedAt: z.date(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Suppression' })

export const SuppressionPage = pageOf(Suppression)
export type SuppressionFilter = z.output<typeof Page>
