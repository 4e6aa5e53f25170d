import { type SQL, sql } from 'drizzle-orm'

/** Whose messages reach us by an integration over the API channel until Afar speaks with them itself. */
export const marketplaces = [
  'amazon',
  'ebay',
  'aliexpress',
  'shopee',
  'lazada',
  'tiktok_shop',
  'etsy',
  'walmart',
  'alibaba',
  'alibaba_trademanager',
] as const

/** The code by which policies know a conversation's channel: the marketplace it speaks for, else its kind. */
export const channelCode = (kind: SQL, settings: SQL) => sql`coalesce(${settings}->>'marketplace', ${kind})`
