import { z } from 'zod'
import { Page } from '../../platform/route.ts'
import { channelKinds } from '../channels/tables.ts'
import { statusCategories } from '../conversations/tables.ts'
import { CustomerRow } from '../customers/schemas.ts'
import { foundKinds } from './tables.ts'

const Named = z.object({ id: z.uuid(), name: z.string() })

export const SearchFilter = Page.extend({
  q: z.string().max(200),
  from: z.enum(foundKinds).optional(),
  authorId: z.uuid().optional(),
  channel: z.enum(channelKinds).optional(),
  storeId: z.uuid().optional(),
  after: z.iso.datetime({ offset: true }).optional(),
  before: z.iso.datetime({ offset: true }).optional(),
  /** Only what is assigned to the one who asks. */
  mine: z.stringbool().default(false),
  /** Only in this conversation; all its hits then, not some of many. */
  conversationId: z.uuid().optional(),
  /** A condition about conversations, as views have it, in JSON. */
  condition: z.string().max(4_000).optional(),
})
export type SearchFilter = z.output<typeof SearchFilter>

const Range = z.object({ start: z.number().int(), end: z.number().int() })

export const SearchHit = z
  .object({
    messageId: z.uuid(),
    seq: z.number().int(),
    kind: z.enum(foundKinds),
    author: z.string().nullable(),
    at: z.date(),
    /** Where it was found, and so what the snippet is cut from. */
    part: z.enum(['text', 'subject', 'file']),
    snippet: z.string(),
    /** What of the snippet was sought, as offsets in UTF-16 units. */
    ranges: z.array(Range),
  })
  .meta({ id: 'SearchHit' })
export type SearchHit = z.output<typeof SearchHit>

export const FoundConversation = z
  .object({
    id: z.uuid(),
    number: z.number().int(),
    store: Named,
    channelKind: z.string(),
    customer: Named,
    category: z.enum(statusCategories),
    assignee: Named.nullable(),
    subject: z.string().nullable(),
    lastActivityAt: z.date(),
  })
  .meta({ id: 'FoundConversation' })
export type FoundConversation = z.output<typeof FoundConversation>

export const SearchResults = z
  .object({
    /** Those of a first page whose names, addresses or numbers are like what was typed. */
    customers: z.array(CustomerRow),
    /** The one whose number was typed. */
    numbered: FoundConversation.nullable(),
    items: z.array(
      z.object({
        conversation: FoundConversation,
        hits: z.array(SearchHit),
        /** How many of its messages are hits; the newest few are shown. */
        hitCount: z.number().int(),
      }),
    ),
    next: z.string().nullable(),
    /** Of a first page: conversations found so far, up to 1,000, and whether there may be more. */
    count: z.object({ conversations: z.number().int(), isMore: z.boolean() }).nullable(),
    /** Where looking through everything would have taken too long: how far back it got. `next` goes on from there. */
    searchedBackTo: z.date().nullable(),
    /** While messages from before an upgrade are still being read: how many of them have been. */
    indexing: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  })
  .meta({ id: 'SearchResults' })
export type SearchResults = z.output<typeof SearchResults>
