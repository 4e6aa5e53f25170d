import type { Ctx } from '../../platform/context.ts'
import { clockPolicies } from './tables.ts'

type PolicyInsert = typeof clockPolicies.$inferInsert
type Seed = Pick<PolicyInsert, 'code' | 'names' | 'channel' | 'source'> & Partial<PolicyInsert>

const southEastAsia = ['ID', 'MY', 'PH', 'SG', 'TH', 'VN']
const hours = (windowValue: number) => ({ windowValue, windowUnit: 'hour' as const })
const minutes = (windowValue: number) => ({ windowValue, windowUnit: 'minute' as const })
const rate = (value: number, lookbackDays: number) => ({
  metric: 'reply_rate',
  op: '>=' as const,
  value,
  lookbackDays,
})

/** A platform counts each message that waits, day and night, and no answer of a robot. */
const platform = {
  kind: 'next_response',
  calendar: 'always',
  severity: 1,
} as const

/** Afar domain rules §3.2 and §5.7. What they mark † has an older or second-hand source: verify it first. */
const seeds: readonly Seed[] = [
  {
    code: 'phone-first-response',
    names: { zh: '电话：三次铃响内接听', en: 'Phone: answered within 3 rings' },
    channel: 'phone',
    ...{ windowValue: 3, windowUnit: 'ring', ringSeconds: 6 },
    source: 'Afar domain rules §3.2: the phone within 3 rings, about 18 seconds',
  },
  {
    code: 'chat-first-response',
    names: { zh: '在线客服：30 秒内首次响应', en: 'Chat: first response in 30 s' },
    channel: 'web_chat',
    ...{ windowValue: 30, windowUnit: 'second' },
    source: 'Afar domain rules §5.7: answer a chat within 30 seconds',
    verifiedAt: '2026-11-21',
  },
  {
    code: 'social-first-response',
    names: { zh: '社交媒体：1 小时内首次响应', en: 'Social media: first response in 1 h' },
    channel: 'social',
    ...hours(1),
    source: 'Afar domain rules §5.7: social media within 1 hour',
  },
  {
    code: 'mail-first-response',
    names: { zh: '邮件：4 小时内首次响应', en: 'Mail: first response in 4 h' },
    channel: 'mail',
    ...hours(4),
    source: 'Afar domain rules §3.2: answer a mail within 4 hours',
  },
  {
    code: 'mail-next-response',
    names: { zh: '邮件：每封最迟 24 小时内答复', en: 'Mail: every one answered within 24 h' },
    channel: 'mail',
    kind: 'next_response',
    calendar: 'always',
    ...hours(24),
    source: 'Afar domain rules §3.2: mail 24 hours at most',
  },
  {
    code: 'complaint-first-contact',
    names: { zh: '投诉：24 小时内联系客户', en: 'Complaint: contact within 24 h' },
    channel: 'complaint',
    calendar: 'always',
    severity: 1,
    ...hours(24),
    source: 'Afar domain rules §5.1: contact whoever complains within 24 hours',
  },
  {
    code: 'promise',
    names: { zh: '对客户的承诺', en: 'Promises to customers' },
    channel: 'any',
    kind: 'promise',
    trigger: 'promised',
    calendar: 'always',
    stopsOn: ['resolved'],
    source: 'Afar domain rules §3.1: warn at 50, 75 and 90 %',
  },
  {
    ...platform,
    code: 'amazon-reply',
    names: { zh: '亚马逊：每条消息 24 小时内回复', en: 'Amazon: every message within 24 h' },
    channel: 'amazon',
    ...hours(24),
    target: rate(0.9, 30),
    source:
      'Afar domain rules §3.2: "answer all buyer inquiries within 24 hours", weekends included (K; target P)',
  },
  {
    ...platform,
    code: 'ebay-reply',
    names: { zh: 'eBay：24 小时内回复', en: 'eBay: reply within 24 h' },
    channel: 'ebay',
    severity: 2,
    ...hours(24),
    source: 'Afar domain rules §3.2: 24 h is good practice (K)',
  },
  {
    ...platform,
    code: 'aliexpress-reply',
    names: { zh: '速卖通：24 小时内回复', en: 'AliExpress: reply within 24 h' },
    channel: 'aliexpress',
    ...hours(24),
    source: 'Afar domain rules §3.2: 24 h (K)',
  },
  {
    ...platform,
    code: 'shopee-reply',
    names: { zh: 'Shopee：12 小时内回复', en: 'Shopee: reply within 12 h' },
    channel: 'shopee',
    ...hours(12),
    target: rate(0.7, 30),
    source:
      'Afar domain rules §3.2 [17][18] †: 12 h, auto-replies excluded, at least 70 % of preferred sellers',
  },
  {
    ...platform,
    code: 'lazada-reply',
    names: { zh: 'Lazada：30 分钟内回复', en: 'Lazada: reply within 30 min' },
    channel: 'lazada',
    ...minutes(30),
    target: { ...rate(0.85, 7), dayStartsAt: '18:00' },
    source:
      'Afar domain rules §3.2 [20] †: 30 min, days from 18:00 to 18:00, 7-day period, ≥85 %, auto excluded',
  },
  {
    ...platform,
    code: 'tiktok-shop-sea-reply',
    names: { zh: 'TikTok Shop 东南亚：12 小时内回复', en: 'TikTok Shop SEA: reply within 12 h' },
    channel: 'tiktok_shop',
    sites: southEastAsia,
    ...hours(12),
    target: rate(0.85, 30),
    source: 'Afar domain rules §3.2 [21][23]: 12 h, ≥85 % of 30 days',
  },
  {
    ...platform,
    code: 'tiktok-shop-us-reply',
    names: { zh: 'TikTok Shop 美国：24 小时内回复', en: 'TikTok Shop US: reply within 24 h' },
    channel: 'tiktok_shop',
    sites: ['US'],
    ...hours(24),
    zone: 'America/Los_Angeles',
    weekendDueAt: '12:00',
    target: rate(0.9, 30),
    source:
      'Afar domain rules §3.2 [22][24] †: 24 h, ≥90 %, by people only; weekend messages due Monday 12:00 (Pacific time assumed)',
  },
  {
    ...platform,
    code: 'etsy-first-response',
    names: { zh: 'Etsy：新对话首条消息 24 小时内回复', en: 'Etsy: first message of a thread within 24 h' },
    channel: 'etsy',
    kind: 'first_response',
    trigger: 'first_message_of_thread',
    zone: 'UTC',
    ...hours(24),
    target: rate(0.95, 90),
    source:
      'Afar domain rules §3.2 [27][28]: 24 h on the first message, ≥95 % over 3 months, spam does not count',
  },
  {
    ...platform,
    code: 'walmart-ca-reply',
    names: { zh: '沃尔玛加拿大：48 小时内回复', en: 'Walmart Canada: reply within 48 h' },
    channel: 'walmart',
    sites: ['CA'],
    ...hours(48),
    target: rate(0.8, 30),
    source: 'Afar domain rules §3.2 [30]: ≥80 % within 48 h (period assumed)',
  },
  {
    ...platform,
    code: 'alibaba-inquiry',
    names: { zh: '阿里巴巴国际站：询盘 24 小时内回复', en: 'Alibaba.com: inquiry within 24 h' },
    channel: 'alibaba',
    zone: 'America/Los_Angeles',
    ...hours(24),
    target: rate(0.9, 30),
    source:
      'Afar domain rules §3.2 [31] †: inquiry 24 h, auto-reply excluded, one per buyer and Pacific-time day',
  },
  {
    ...platform,
    code: 'alibaba-trademanager',
    names: { zh: '阿里巴巴国际站：TradeManager 1 小时内回复', en: 'Alibaba.com: TradeManager within 1 h' },
    channel: 'alibaba_trademanager',
    zone: 'America/Los_Angeles',
    ...hours(1),
    target: rate(0.9, 30),
    source: 'Afar domain rules §3.2 [31] †: TradeManager 1 h, auto-reply excluded',
  },
]

/** What a new house starts with; repeated at every start without effect, also once it was changed or ended. */
export async function seedPolicies(ctx: Ctx) {
  await ctx.db
    .insert(clockPolicies)
    .values(
      seeds.map(seed => ({
        version: 1,
        kind: 'first_response' as const,
        trigger: 'oldest_unanswered_message' as const,
        calendar: 'store' as const,
        stopsOn: ['human_reply' as const, 'mark_spam' as const, 'resolved' as const],
        pausesOn: [],
        warnAt: [0.5, 0.75, 0.9],
        escalations: [],
        onExpiry: 'metric_miss' as const,
        severity: 2,
        verifiedAt: '2026-11-22',
        effectiveFrom: new Date(0),
        ...seed,
      })),
    )
    .onConflictDoNothing()
}
