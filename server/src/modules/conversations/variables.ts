import { eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import type { VariableName, VariableSource } from '../../platform/variables.ts'
import { listCustomFields } from '../customers/custom-fields.ts'
import { customers } from '../customers/tables.ts'
import { stores } from '../settings/tables.ts'
import { staff } from '../staff/tables.ts'
import { listOwnFields } from './own-fields/own-fields.ts'
import { conversations } from './tables.ts'

const record = 'conversation'

/** In whose language and by whose clock the values of a conversation's variables are written. */
export async function readerOfCustomer(ctx: Ctx, id: string) {
  const { row, customer, store } = await about(ctx, id)
  return readerIn({ row, customer, store })
}

export const conversationVariables: VariableSource[] = [
  {
    record,
    word: 'customer',
    async names(ctx) {
      const { items } = await listCustomFields(ctx)
      const own = items.map(({ key, label }) => ({ code: `customer.fields.${key}`, zh: label, en: label }))
      return [...namesOfCustomer, ...own]
    },
    async read(ctx, id) {
      const { row, customer, store } = await about(ctx, id)
      const { items } = await listCustomFields(ctx)
      const reader = readerIn({ row, customer, store })
      return new Map<string, string | null>([
        ['customer.name', customer.name],
        ['customer.first_name', firstName(customer.name)],
        ['customer.country', customer.country && spellCountry(customer.country, reader.language)],
        ...items.map(({ key, type }) => {
          const value = customer.customFields[key]
          return [
            `customer.fields.${key}`,
            value === undefined ? null : spellValue(value, type, reader),
          ] as const
        }),
      ])
    },
  },
  {
    record,
    word: 'agent',
    names: async () => [
      { code: 'agent.name', zh: '客服姓名', en: 'Name of the agent' },
      { code: 'agent.first_name', zh: '客服名字', en: 'First name of the agent' },
    ],
    async read(ctx, id) {
      // A robot speaks for whoever has the conversation.
      const { assigneeName } = await about(ctx, id)
      const name = ctx.actor.kind === 'staff' ? ctx.actor.name : assigneeName
      return new Map([
        ['agent.name', name],
        ['agent.first_name', name && firstName(name)],
      ])
    },
  },
  {
    record,
    word: 'store',
    names: async () => [
      { code: 'store.name', zh: '店铺名称', en: 'Name of the store' },
      { code: 'store.brand', zh: '店铺品牌', en: 'Brand of the store' },
    ],
    async read(ctx, id) {
      const { store } = await about(ctx, id)
      return new Map([
        ['store.name', store.name],
        ['store.brand', store.brand],
      ])
    },
  },
  {
    record,
    word: 'conversation',
    async names(ctx) {
      const { items } = await listOwnFields(ctx)
      return [
        { code: 'conversation.number', zh: '会话编号', en: 'Number of the conversation' },
        { code: 'conversation.subject', zh: '主题', en: 'Subject' },
        { code: 'conversation.opened_on', zh: '开启日期', en: 'Day it was opened' },
        ...items
          .filter(({ isActive, type }) => isActive && type !== 'boolean')
          .map(({ key, nameZh: zh, nameEn: en }) => ({ code: `conversation.fields.${key}`, zh, en })),
      ]
    },
    async read(ctx, id) {
      const { row, customer, store } = await about(ctx, id)
      const reader = readerIn({ row, customer, store })
      const { language, zone } = reader
      const { items } = await listOwnFields(ctx)
      return new Map<string, string | null>([
        ['conversation.number', String(row.number)],
        ['conversation.subject', row.subject],
        ['conversation.opened_on', spellDay(localDay(row.openedAt, zone), language)],
        ...items
          .filter(({ isActive, type }) => isActive && type !== 'boolean')
          .map(({ key, type }) => {
            const value = row.customFields[key]
            const words = value === undefined ? null : spellValue(value as string | number, type, reader)
            return [`conversation.fields.${key}`, words] as const
          }),
      ])
    },
  },
  {
    record,
    word: 'date',
    names: async () => [
      { code: 'date.today', zh: '今天', en: 'Today' },
      { code: 'date.tomorrow', zh: '明天', en: 'Tomorrow' },
      { code: 'date.in_3_days', zh: '3 天后', en: 'In 3 days' },
      { code: 'date.in_7_days', zh: '7 天后', en: 'In 7 days' },
    ],
    async read(ctx, id) {
      const { language, zone } = await readerOfCustomer(ctx, id)
      const today = localDay(ctx.now, zone)
      const days = { today: 0, tomorrow: 1, in_3_days: 3, in_7_days: 7 }
      return new Map(
        Object.entries(days).map(([code, n]) => [`date.${code}`, spellDay(today + n * day, language)]),
      )
    },
  },
]

const namesOfCustomer: VariableName[] = [
  { code: 'customer.name', zh: '客户姓名', en: 'Name of the customer' },
  { code: 'customer.first_name', zh: '客户名字', en: 'First name of the customer' },
  { code: 'customer.country', zh: '客户国家', en: 'Country of the customer' },
]

/** What one calls him by: a name written without spaces is called whole, an address is no name. */
export function firstName(name: string) {
  if (name.includes('@')) return null
  const [last, first] = name.split(',', 2)
  return (first?.trim() || last!.trim()).split(/\s+/, 1)[0]!
}

type About = {
  row: Pick<
    typeof conversations.$inferSelect,
    'number' | 'subject' | 'language' | 'openedAt' | 'customFields'
  >
  customer: Pick<typeof customers.$inferSelect, 'name' | 'language' | 'zone' | 'country' | 'customFields'>
  store: Pick<typeof stores.$inferSelect, 'name' | 'brand' | 'languages' | 'zone'>
}
type Reader = { language: string; zone: string }

async function about(ctx: Ctx, id: string) {
  const [all] = await ctx.db
    .select({ row: conversations, customer: customers, store: stores, assigneeName: staff.name })
    .from(conversations)
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .innerJoin(stores, eq(stores.id, conversations.storeId))
    .leftJoin(staff, eq(staff.id, conversations.assigneeId))
    .where(eq(conversations.id, id))
  return found(all, 'conversation')
}

const readerIn = ({ row, customer, store }: About): Reader => ({
  language: row.language ?? customer.language ?? store.languages[0]!,
  zone: customer.zone ?? store.zone,
})

const day = 86_400_000

/** The midnight, in UTC, of the day it is there: for counting days and spelling them, whatever the clocks do. */
function localDay(at: Date, zone: string) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
  return Date.parse(`${parts}T00:00:00Z`)
}

const spellDay = (midnight: number, language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(midnight)

const spellCountry = (country: string, language: string) =>
  new Intl.DisplayNames(language, { type: 'region' }).of(country) ?? country

function spellValue(value: string | number, type: string, { language }: Reader) {
  if (type === 'number') return new Intl.NumberFormat(language).format(Number(value))
  return type === 'date' ? spellDay(Date.parse(`${value}T00:00:00Z`), language) : String(value)
}
