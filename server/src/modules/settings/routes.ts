import { z } from 'zod'
import { Id, Nothing, route } from '../../platform/route.ts'
import { changeCalendar, createCalendar, deleteCalendar, getCalendar, listCalendars } from './calendars.ts'
import { changeCompany, findCompany, getCompany, setUp } from './company.ts'
import { suggestCalendar } from './holidays.ts'
import {
  Calendar,
  CalendarChange,
  Company,
  CompanyChange,
  Country,
  NewCalendar,
  NewStore,
  NewText,
  Setup,
  Store,
  StoreChange,
  Text,
  TextKey,
} from './schemas.ts'
import { changeStore, createStore, getStore, listStores } from './stores.ts'
import { listTexts, setText } from './texts.ts'

const manage = 'settings:manage'
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })
const Suggested = z.object({
  closed: z.array(z.object({ date: z.string(), name: z.string() })),
  special: z.array(
    z.object({
      date: z.string(),
      name: z.string(),
      intervals: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  ),
})

export const routes = [
  route({
    method: 'GET',
    url: '/setup',
    summary: 'Say whether the house still needs its first company',
    permission: 'public',
    returns: z.object({ needed: z.boolean() }),
    run: async ctx => ({ needed: !(await findCompany(ctx)) }),
  }),
  route({
    method: 'POST',
    url: '/setup',
    summary: 'Create the company, its first store and the first admin',
    permission: 'public',
    limit: { per: 'ip', count: 10, seconds: 60 },
    body: Setup,
    returns: z.object({ done: z.boolean() }),
    status: 201,
    run: (ctx, { body }) => setUp(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/company',
    summary: 'Show the company',
    permission: 'signed-in',
    returns: Company,
    run: ctx => getCompany(ctx),
  }),
  route({
    method: 'PATCH',
    url: '/company',
    summary: 'Change the company',
    permission: manage,
    body: CompanyChange,
    returns: Company,
    run: (ctx, { body }) => changeCompany(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/stores',
    summary: 'List the stores you may see',
    permission: 'signed-in',
    returns: list(Store),
    run: async ctx => ({ items: await listStores(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/stores',
    summary: 'Create a store',
    permission: manage,
    body: NewStore,
    returns: Store,
    status: 201,
    run: (ctx, { body }) => createStore(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/stores/:id',
    summary: 'Show a store',
    permission: 'signed-in',
    params: Id,
    returns: Store,
    run: (ctx, { params }) => getStore(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/stores/:id',
    summary: 'Change or archive a store',
    permission: manage,
    params: Id,
    body: StoreChange,
    returns: Store,
    run: (ctx, { params, body }) => changeStore(ctx, params.id, body),
  }),
  route({
    method: 'GET',
    url: '/calendars',
    summary: 'List business calendars',
    permission: 'signed-in',
    returns: list(Calendar),
    run: async ctx => ({ items: await listCalendars(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/calendars',
    summary: 'Create a business calendar',
    permission: manage,
    body: NewCalendar,
    returns: Calendar,
    status: 201,
    run: (ctx, { body }) => createCalendar(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/calendars/suggestion',
    summary: 'Suggest a country’s public holidays and make-up workdays',
    permission: manage,
    query: z.object({ country: Country, year: z.coerce.number().int().min(2000).max(2100) }),
    returns: Suggested,
    run: async (_ctx, { query }) => {
      const { closed, special } = await suggestCalendar(query.country, [query.year])
      return { closed: [...closed], special: special.map(day => ({ ...day, intervals: [...day.intervals] })) }
    },
  }),
  route({
    method: 'GET',
    url: '/calendars/:id',
    summary: 'Show a business calendar',
    permission: 'signed-in',
    params: Id,
    returns: Calendar,
    run: (ctx, { params }) => getCalendar(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/calendars/:id',
    summary: 'Change a business calendar',
    permission: manage,
    params: Id,
    body: CalendarChange,
    returns: Calendar,
    run: (ctx, { params, body }) => changeCalendar(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/calendars/:id',
    summary: 'Delete a business calendar',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteCalendar(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/texts',
    summary: 'List the company’s own wordings',
    permission: 'signed-in',
    query: z.object({ storeId: z.uuid().optional() }),
    returns: list(Text),
    run: async (ctx, { query }) => ({
      items: (await listTexts(ctx, query.storeId)) as z.input<typeof Text>[],
    }),
  }),
  route({
    method: 'PUT',
    url: '/texts/:key',
    summary: 'Word a text that customers read; an empty one restores ours',
    permission: manage,
    params: z.object({ key: TextKey }),
    body: NewText,
    returns: Text,
    run: async (ctx, { params, body }) => ({ ...(await setText(ctx, params.key, body)), key: params.key }),
  }),
]
