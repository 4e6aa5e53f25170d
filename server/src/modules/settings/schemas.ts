import { IANAZone } from 'luxon'
import { z } from 'zod'

export const Zone = z
  .string()
  .max(60)
  .refine(zone => IANAZone.isValidZone(zone), { message: 'This is no IANA time zone.' })
export const LanguageTag = z
  .string()
  .max(20)
  .refine(isLanguageTag, { message: 'This is no language tag such as de or pt-BR.' })
export const Country = z.string().regex(/^[A-Z]{2}$/)
export const Currency = z.string().refine(code => Intl.supportedValuesOf('currency').includes(code), {
  message: 'This is no ISO 4217 currency.',
})
export const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/)

function isLanguageTag(tag: string) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

export const Company = z
  .object({ name: z.string(), zone: z.string(), locale: z.enum(['zh', 'en']), isSample: z.boolean() })
  .meta({ id: 'Company' })
export const CompanyChange = z
  .object({ name: z.string().trim().min(1).max(120), zone: Zone, locale: z.enum(['zh', 'en']) })
  .partial()

export const Store = z
  .object({
    id: z.uuid(),
    key: z.string(),
    name: z.string(),
    brand: z.string(),
    languages: z.array(z.string()),
    zone: z.string(),
    currency: z.string(),
    country: z.string(),
    colour: z.string(),
    calendarId: z.uuid().nullable(),
    createdAt: z.date(),
    archivedAt: z.date().nullable(),
  })
  .meta({ id: 'Store' })

export const NewStore = z.object({
  name: z.string().trim().min(1).max(120),
  brand: z.string().trim().max(120).optional(),
  languages: z.array(LanguageTag).min(1).max(20),
  zone: Zone,
  currency: Currency,
  country: Country,
  colour: Colour.default('#0E6E6E'),
  calendarId: z.uuid().nullable().default(null),
})
export type NewStore = z.output<typeof NewStore>
export const StoreChange = NewStore.extend({
  colour: Colour,
  calendarId: z.uuid().nullable(),
  isArchived: z.boolean(),
}).partial()
export type StoreChange = z.output<typeof StoreChange>

const Time = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/)
const Intervals = z.array(z.object({ from: Time, to: Time })).max(10)
const Day = z.iso.date()
const Weekly = z
  .object({
    1: Intervals,
    2: Intervals,
    3: Intervals,
    4: Intervals,
    5: Intervals,
    6: Intervals,
    7: Intervals,
  })
  .partial()
  .strict()

export const NewCalendar = z.object({
  name: z.string().trim().min(1).max(120),
  zone: Zone,
  weekly: Weekly,
  closed: z
    .array(z.object({ date: Day, name: z.string().max(120) }))
    .max(1_000)
    .default([]),
  special: z
    .array(z.object({ date: Day, intervals: Intervals, name: z.string().max(120) }))
    .max(1_000)
    .default([]),
})
export type NewCalendar = z.output<typeof NewCalendar>
export const CalendarChange = NewCalendar.extend({
  closed: NewCalendar.shape.closed.unwrap(),
  special: NewCalendar.shape.special.unwrap(),
  expectedVersion: z.number().int(),
}).partial()
export type CalendarChange = z.output<typeof CalendarChange>
export const Calendar = NewCalendar.extend({
  id: z.uuid(),
  version: z.number().int(),
  isOpen: z.boolean(),
  storeIds: z.array(z.uuid()),
}).meta({ id: 'Calendar' })

/** What a company may word itself; the widget and automatic messages have a text of their own for each. */
export const textKeys = ['chat.greeting', 'chat.closed', 'chat.waiting', 'chat.resolved'] as const
export const TextKey = z.enum(textKeys)
export const Text = z
  .object({ storeId: z.uuid().nullable(), key: TextKey, locale: z.string(), text: z.string() })
  .meta({ id: 'MessageText' })
export const NewText = z.object({
  storeId: z.uuid().nullable().default(null),
  locale: LanguageTag,
  text: z.string().max(2_000),
})

export const Setup = z.object({
  company: z.object({ name: z.string().trim().min(1).max(120), zone: Zone, locale: z.enum(['zh', 'en']) }),
  store: NewStore.pick({ name: true, languages: true, zone: true, currency: true, country: true }),
  admin: z.object({
    name: z.string().trim().min(1).max(120),
    email: z.email().max(254),
    password: z.string().min(10).max(200),
  }),
})
export type Setup = z.output<typeof Setup>
