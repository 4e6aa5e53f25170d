import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { acceptInbound } from '../modules/channels/accepting.ts'
import { createChannel } from '../modules/channels/channels.ts'
import { createPolicy } from '../modules/clocks/policies.ts'
import { NewPolicy } from '../modules/clocks/schemas.ts'
import { assignConversation } from '../modules/conversations/assignment.ts'
import { changeDetails } from '../modules/conversations/details.ts'
import { lockSenders, receiveMessages } from '../modules/conversations/incoming.ts'
import { addNote } from '../modules/conversations/notes.ts'
import { makePromise } from '../modules/conversations/promises.ts'
import { createQuickReply } from '../modules/conversations/quick-replies/quick-replies.ts'
import { NewQuickReply } from '../modules/conversations/quick-replies/schemas.ts'
import { setReason } from '../modules/conversations/reasons/reasons.ts'
import { reply } from '../modules/conversations/replies.ts'
import { createStatusLabel, setStatus } from '../modules/conversations/status.ts'
import { recordFact } from '../modules/customers/facts.ts'
import { addIdentity } from '../modules/customers/identities.ts'
import { resolveCustomers } from '../modules/customers/resolve.ts'
import { createQueue, queuesInOrder } from '../modules/routing/queues.ts'
import { NewQueue } from '../modules/routing/schemas.ts'
import { createCalendar } from '../modules/settings/calendars.ts'
import { createCompany, findCompany } from '../modules/settings/company.ts'
import { createStore, listStores } from '../modules/settings/stores.ts'
import { setAvailability } from '../modules/staff/availability.ts'
import { roleName } from '../modules/staff/roles.ts'
import { createStaff } from '../modules/staff/staff.ts'
import { roles, staff } from '../modules/staff/tables.ts'
import { createTeam } from '../modules/staff/teams.ts'
import { uuidv7 } from '../platform/columns.ts'
import { type Actor, type Ctx, system } from '../platform/context.ts'
import { transact, type Workplace } from '../platform/work.ts'
import { sampleAddress, sampleLetters } from './letters.ts'
import { type Colleague, type CustomerKey, colleagues, customers, password } from './people.ts'
import { quickReplies, type Story, stories, turns } from './stories.ts'

const minute = 60_000

export const isEmptyHouse = async (ctx: Ctx) => !(await findCompany(ctx))

/**
 * Creates the company a newcomer finds at the first start: two stores, every role, customers of seven countries
 * and conversations in every state. It goes through the same verbs as real work, with the clock set back.
 */
export async function createSampleCompany(place: Workplace) {
  const house = await transact(place, system, furnish)
  const people = await transact(daysAgo(place), system, async ctx => {
    await agreeOnResolution(ctx)
    return welcome(ctx, house.places)
  })
  for (const turn of turns)
    await transact(minutesAgo(place, turn.minutesAgo), system, ctx =>
      setAvailability(ctx, house.staffIds.get(turn.by)!, turn.state, turn.reason),
    )
  for (const story of [...stories].sort((a, b) => b.lines[0]!.minutesAgo - a.lines[0]!.minutesAgo))
    await tell(place, { ...house, people }, story)
  await post(place, house.mail)
}

/** The mails come in as mails do, and are read while the newcomer looks around. */
async function post(place: Workplace, channel: { id: string }) {
  for (const { line, raw } of sampleLetters(place.clock.now())) {
    const externalId = createHash('sha256').update(raw).digest('hex')
    await acceptInbound(place, channel, { externalId, line, raw, headers: {}, traffic: 'mail' })
  }
}

const minutesAgo = (place: Workplace, minutes: number): Workplace => ({
  ...place,
  clock: { now: () => new Date(place.clock.now().getTime() - minutes * minute) },
})

/** Customers were known before their latest story began. */
const daysAgo = (place: Workplace) => minutesAgo(place, 3 * 24 * 60)

type House = Awaited<ReturnType<typeof furnish>> & { people: Awaited<ReturnType<typeof welcome>> }

async function furnish(ctx: Ctx) {
  await createCompany(ctx, {
    name: '远行家居 Yuanxing Home',
    zone: 'Asia/Shanghai',
    locale: 'zh',
    isSample: true,
  })
  const workdays = [
    { from: '09:00', to: '12:30' },
    { from: '13:30', to: '22:00' },
  ]
  await createCalendar(ctx, {
    name: '客服时间 Service hours',
    zone: 'Asia/Shanghai',
    weekly: { 1: workdays, 2: workdays, 3: workdays, 4: workdays, 5: workdays, 6: workdays, 7: workdays },
    closed: [{ date: '2027-02-06', name: '春节' }],
    special: [],
  })
  const zhuli = await createStore(ctx, {
    key: 'zhuli',
    name: '竹里生活',
    brand: '竹里生活',
    languages: ['zh', 'en'],
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    country: 'CN',
    colour: '#2F6B4F',
    calendarId: null,
  })
  const bambu = await createStore(ctx, {
    key: 'bambu',
    name: 'Bambu & Co',
    brand: 'Bambu & Co',
    languages: ['en', 'de', 'fr', 'es', 'pt', 'ja', 'ar'],
    zone: 'America/Los_Angeles',
    currency: 'USD',
    country: 'US',
    colour: '#1D4E79',
    calendarId: null,
  })
  const amazon = await createChannel(ctx, {
    kind: 'api',
    storeId: bambu.id,
    name: 'Amazon US',
    settings: { marketplace: 'amazon', site: 'US' } as never,
  })
  const places = {
    zhuli: await openChat(ctx, zhuli),
    bambu: await openChat(ctx, bambu),
    amazon: { storeId: bambu.id, channelId: amazon.id, channelKind: 'api' },
  }
  await createChannel(ctx, { kind: 'api', storeId: bambu.id, name: 'Back office API', settings: {} })
  const mail = await createChannel(ctx, {
    kind: 'mail',
    storeId: bambu.id,
    name: 'Help',
    settings: { address: sampleAddress, signature: 'Bambu & Co · bambu.example' },
  })

  const staffIds = new Map<Colleague, string>()
  for (const { email, languages, ...person } of colleagues) {
    const { id } = await createStaff(ctx, { ...person, email, password, languages: [...languages] })
    staffIds.set(email, id)
  }
  const idsOf = (...emails: Colleague[]) => emails.map(email => staffIds.get(email)!)
  const europe = await createTeam(ctx, {
    name: 'Europe',
    memberIds: idsOf('weber@yuanxing.example', 'wang@yuanxing.example'),
  })
  await createTeam(ctx, {
    name: '亚太 Asia',
    memberIds: idsOf('lin@yuanxing.example', 'sato@yuanxing.example'),
  })
  await openQueues(ctx, { storeId: bambu.id, europeId: europe.id })
  await createStatusLabel(ctx, { category: 'waiting_third_party', name: '等承运商 Carrier', position: 1 })
  await createStatusLabel(ctx, { category: 'waiting_third_party', name: '等仓库 Warehouse', position: 2 })
  for (const quickReply of quickReplies) await createQuickReply(ctx, NewQuickReply.parse(quickReply))
  return { staffIds, places, mail }
}

/** Mail waits to be pulled; Europe's chats are Europe's for two minutes; regulars come first and to whom they know. */
async function openQueues(ctx: Ctx, { storeId, europeId }: { storeId: string; europeId: string }) {
  const chats = (await queuesInOrder(ctx)).at(-1)!
  const queues: (Partial<NewQueue> & { name: string })[] = [
    { name: '邮件 Mail', channelKinds: ['mail'], pushes: false },
    {
      name: '欧洲 Europe',
      channelKinds: ['web_chat'],
      storeIds: [storeId],
      languages: ['de', 'fr', 'es', 'pt'],
      teamIds: [europeId],
      wrapUpSeconds: 15,
      overflowSeconds: 120,
      overflowQueueId: chats.id,
    },
    {
      name: '老客户 Regulars',
      channelKinds: ['web_chat'],
      customerTags: ['VIP', '老客户'],
      vipTags: ['VIP'],
      strategy: 'longest_idle',
      stickyHours: 72,
      stickyWaitSeconds: 60,
    },
  ]
  for (const queue of queues) await createQueue(ctx, NewQueue.parse(queue))
}

async function openChat(ctx: Ctx, store: { id: string }) {
  const channel = await createChannel(ctx, {
    kind: 'web_chat',
    storeId: store.id,
    name: 'Chat',
    settings: {},
  })
  return { storeId: store.id, channelId: channel.id, channelKind: 'web_chat' }
}

/** What a chat is about is over within two days; a carrier's days are not ours. */
const agreeOnResolution = (ctx: Ctx) =>
  createPolicy(
    ctx,
    NewPolicy.parse({
      code: 'chat-resolution',
      names: { zh: '在线客服：48 小时内解决', en: 'Chat: resolved within 48 h' },
      kind: 'resolution',
      channel: 'web_chat',
      window: { value: 48, unit: 'hour' },
      pausesOn: ['customer', 'carrier', 'supplier', 'bank'],
      pauseCapHours: 240,
      escalations: [{ at: { fraction: 0.9 }, do: 'notify', whom: 'assignee' }],
      source: 'Afar domain rules §5.7: nine of ten within 48 hours',
      verifiedAt: ctx.now.toISOString().slice(0, 10),
    }),
  )

/** Each customer known by mail, phone and his last order; the orders themselves come with their module. */
type Places = Awaited<ReturnType<typeof furnish>>['places']

const placeOf = (places: Places, { channel, store }: Story) => places[channel ?? store]

async function welcome(ctx: Ctx, places: Places) {
  const people = new Map<CustomerKey, { customerId: string; identityId: string }>()
  for (const [key, { order, ...person }] of Object.entries(customers) as [
    CustomerKey,
    (typeof customers)[CustomerKey],
  ][]) {
    const { channelId, channelKind } = placeOf(places, stories.find(story => story.customer === key)!)
    const [who] = await resolveCustomers(ctx, [
      {
        kind: channelKind === 'api' ? 'external' : 'visitor',
        scope: channelId,
        value: channelKind === 'api' ? 'A2QX7LPR4K9' : uuidv7(),
        verified: false,
        name: person.name,
        language: person.language,
        country: person.country,
        zone: person.zone,
        source: channelKind,
      },
    ])
    await addIdentity(ctx, who!.customerId, { kind: 'email', value: person.email })
    await addIdentity(ctx, who!.customerId, { kind: 'phone', value: person.phone })
    await recordFact(ctx, who!.customerId, {
      field: 'last_order',
      value: order,
      source: 'order',
      legalBasis: 'contract',
    })
    people.set(key, who!)
  }
  return people
}

async function tell(place: Workplace, { staffIds, places, people }: House, story: Story) {
  const where = placeOf(places, story)
  const who = people.get(story.customer)!
  const at = (minutesAgo: number, actor: Actor, work: (ctx: Ctx) => Promise<unknown>) => {
    const then = new Date(place.clock.now().getTime() - minutesAgo * minute)
    return transact({ ...place, clock: { now: () => then } }, actor, work)
  }
  const authorOf = (by: Colleague): Actor => ({
    ...system,
    ...{ kind: 'staff', id: staffIds.get(by)!, name: colleagues.find(({ email }) => email === by)!.name },
  })
  let id = ''
  for (const line of story.lines) {
    if (!line.by) {
      await at(line.minutesAgo, system, async ctx => {
        const incoming = {
          ...where,
          ...who,
          text: line.says,
          attachments: [],
          language: customers[story.customer].language,
          clientId: uuidv7(),
          inboundId: null,
          reopenDays: 7,
        }
        const [placed] = await receiveMessages(ctx, [incoming], await lockSenders(ctx, [incoming]))
        id = placed!.conversationId
        if (story.assignee && line === story.lines[0])
          await assignConversation(ctx, id, { staffId: staffIds.get(story.assignee)! })
      })
      continue
    }
    await at(line.minutesAgo, authorOf(line.by), ctx =>
      line.note
        ? addNote(ctx, id, {
            clientId: uuidv7(),
            text: line.says,
            attachmentIds: [],
            mentionIds: line.mentions ? [staffIds.get(line.mentions)!] : [],
          })
        : reply(ctx, id, { clientId: uuidv7(), text: line.says, attachmentIds: [], lastSeenSeq: 1_000_000 }),
    )
  }
  await at(story.lines.at(-1)!.minutesAgo, system, async ctx => {
    if (story.priority || story.tags)
      await changeDetails(ctx, id, {
        ...(story.priority && { priority: story.priority }),
        ...(story.tags && { tags: [...story.tags] }),
      })
    if (story.reason) await setReason(ctx, id, { reason: story.reason })
    if (story.ends) await setStatus(ctx, id, { category: story.ends, waitingFor: story.waitingFor ?? null })
  })
  const { promise } = story
  if (promise)
    await at(promise.minutesAgo, authorOf(promise.by), ctx =>
      makePromise(ctx, id, {
        text: promise.says,
        dueAt: new Date(place.clock.now().getTime() + promise.dueInMinutes * minute),
      }),
    )
}

/** What the start prints: where to go, and with which of the sample sign-ins, as long as they are the sample's. */
export async function sampleSignIns(ctx: Ctx) {
  const company = await findCompany(ctx)
  const shops = await listStores(ctx)
  const people = company?.isSample
    ? await ctx.db
        .select({ email: staff.email, name: staff.name, code: roles.code, role: roles.name })
        .from(staff)
        .innerJoin(roles, eq(roles.id, staff.roleId))
        .orderBy(staff.createdAt, staff.id)
    : []
  return {
    isEmpty: !company,
    storefronts: shops.map(({ key, name }) => ({ key, name })),
    signIns: people
      .filter(({ email }) => colleagues.some(colleague => colleague.email === email))
      .map(({ email, name, code, role }) => ({
        email,
        name,
        password,
        role: roleName({ code, name: role }, 'en'),
      })),
  }
}
