import { z } from 'zod'
import { FirstAdmin } from '../staff/schemas.ts'
import { locales } from '../staff/tables.ts'
import { isZone } from './business-time.ts'
import { summaryPolicies } from './tables.ts'

export const Zone = z.string().max(60).refine(isZone, { message: 'This is no IANA time zone.' })
export const LanguageTag = z
  .string()
  .max(20)
  .refine(isLanguageTag, { message: 'This is no language tag such as de or pt-BR.' })
export const Country = z.string().regex(/^[A-Z]{2}$/)
const currencies = new Set(Intl.supportedValuesOf('currency'))
export const Currency = z
  .string()
  .refine(code => currencies.has(code), { message: 'This is no ISO 4217 currency.' })
export const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/)

function isLanguageTag(tag: string) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const Name = z.string().trim().min(1).max(120)
const Locale = z.enum(locales)

export const Company = z
  .object({
    name: z.string(),
    zone: z.string(),
    locale: Locale,
    /** Whether a conversation is resolved only with a contact reason. */
    requiresReason: z.boolean(),
    /** How many masked contact details one colleague may have shown to him within an hour. */
    revealsPerHour: z.int(),
    /** Whether it is said what came of a conversation when it is resolved. */
    summaryPolicy: z.enum(summaryPolicies),
    isSample: z.boolean(),
  })
  .meta({ id: 'Company' })
const NewCompany = z.object({ name: Name, zone: Zone, locale: Locale })
export const CompanyChange = NewCompany.extend({
  requiresReason: z.boolean(),
  revealsPerHour: z.int().min(0).max(1_000),
  summaryPolicy: z.enum(summaryPolicies),
}).partial()
export type CompanyChange = z.output<typeof CompanyChange>

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
  name: Name,
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

// Times, dates and zone are plain text here: `calendarProblems` says of each what is wrong with it.
const Word = z.string().max(60)
const Intervals = z.array(z.object({ from: Word, to: Word })).max(10)
const DayName = z.string().max(120)
const ClosedDays = z.array(z.object({ date: Word, name: DayName })).max(1_000)
const SpecialDays = z.array(z.object({ date: Word, intervals: Intervals, name: DayName })).max(1_000)
const Weekly = z
  .strictObject({
    1: Intervals,
    2: Intervals,
    3: Intervals,
    4: Intervals,
    5: Intervals,
    6: Intervals,
    7: Intervals,
  })
  .partial()

const CalendarFields = z.object({
  name: Name,
  zone: Word,
  weekly: Weekly,
  closed: ClosedDays,
  special: SpecialDays,
})
export const NewCalendar = CalendarFields.extend({
  closed: ClosedDays.default([]),
  special: SpecialDays.default([]),
})
export type NewCalendar = z.output<typeof NewCalendar>
export const CalendarChange = CalendarFields.extend({ expectedVersion: z.number().int() }).partial()
export type CalendarChange = z.output<typeof CalendarChange>
export const Calendar = CalendarFields.extend({
  id: z.uuid(),
  version: z.number().int(),
  isOpen: z.boolean(),
  storeIds: z.array(z.uuid()),
}).meta({ id: 'Calendar' })

const span = String.raw`\d\d:\d\d-\d\d:\d\d`
export const SuggestionQuery = z.object({
  country: Country,
  /** The part after the hyphen in ISO 3166-2, such as BY for Bavaria. */
  region: z.string().min(1).max(10).optional(),
  year: z.coerce.number().int().min(2000).max(2100),
  /** The hours of make-up workdays: 09:00-12:30,13:30-18:00 */
  workday: z
    .string()
    .regex(new RegExp(`^${span}(,${span}){0,9}$`))
    .default('09:00-18:00'),
})
export type SuggestionQuery = z.output<typeof SuggestionQuery>
/** `unannounced`: years of China whose days off and make-up workdays are not known yet; look again in November. */
export const SuggestedDays = z
  .object({ closed: ClosedDays, special: SpecialDays, unannounced: z.array(z.number().int()) })
  .meta({ id: 'SuggestedDays' })
export type SuggestedDays = z.output<typeof SuggestedDays>

/** What a company may word itself; the widget and automatic messages have a text of their own for each. */
export const textKeys = [
  'chat.greeting',
  'chat.closed',
  'chat.waiting',
  'chat.resolved',
  'mail.received',
  'mail.closed',
] as const
export const TextKey = z.enum(textKeys)
export type TextKey = z.output<typeof TextKey>
export const Text = z
  .object({ storeId: z.uuid().nullable(), key: TextKey, locale: z.string(), text: z.string() })
  .meta({ id: 'MessageText' })
export const NewText = z.object({
  storeId: z.uuid().nullable().default(null),
  locale: LanguageTag,
  text: z.string().max(2_000),
})
export type NewText = z.output<typeof NewText>

export const Setup = z.object({
  company: NewCompany,
  store: NewStore.pick({ name: true, languages: true, zone: true, currency: true, country: true }),
  admin: FirstAdmin.partial({ locale: true }),
})
export type Setup = z.output<typeof Setup>
