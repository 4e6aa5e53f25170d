import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Agent, chooseAgent, chooseQueue, type Queue, type Waiting } from './choosing.ts'

const plain: Queue = {
  id: 'q',
  code: null,
  name: 'Queue',
  position: 0,
  channelKinds: [],
  storeIds: [],
  languages: [],
  reasons: [],
  customerTags: [],
  vipTags: [],
  teamIds: [],
  staffIds: [],
  skills: [],
  strategy: 'least_loaded',
  pushes: true,
  stickyHours: null,
  stickyWaitSeconds: 0,
  overflowSeconds: null,
  overflowQueueId: null,
  outOfHours: 'keep_waiting',
  outOfHoursQueueId: null,
  wrapUpSeconds: 0,
  version: 1,
  createdAt: new Date(0),
  archivedAt: null,
}

const language = fc.constantFrom('en', 'de', 'zh')
const some = <T>(...words: T[]) => fc.subarray(words)
const agents: fc.Arbitrary<Agent[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    name: fc.constant('x'),
    languages: some('en', 'de-AT', 'zh'),
    skills: some('returns', 'b2b'),
    storeIds: fc.constantFrom<string[] | null>(null, ['s1'], ['s2']),
    teamIds: some('t1', 't2'),
    isOnline: fc.boolean(),
    openChats: fc.nat(3),
    chatLimit: fc.nat(3),
    units: fc.integer({ min: 0, max: 120 }),
    capacity: fc.constantFrom(0, 60, 120, 150),
    idleSince: fc.nat(5),
    wrapUpUntil: fc.constantFrom(0, 900, 1_100),
  }),
  { selector: agent => agent.id, maxLength: 6 },
)
const queue: fc.Arbitrary<Queue> = fc
  .record({
    teamIds: some('t1', 't2'),
    staffIds: some('a', 'b', 'c'),
    skills: some('returns', 'b2b'),
    strategy: fc.constantFrom<Queue['strategy']>('least_loaded', 'longest_idle', 'skill_first'),
    stickyWaitSeconds: fc.nat(3),
    outOfHours: fc.constantFrom<Queue['outOfHours']>('keep_waiting', 'hold', 'other_queue'),
  })
  .map(fields => ({ ...plain, ...fields }))
const waiting: fc.Arbitrary<Waiting> = fc.record({
  storeId: fc.constantFrom('s1', 's2'),
  channelKind: fc.constantFrom('web_chat', 'mail'),
  language,
  queuedAt: fc.constantFrom(0, -500, -2_500),
  isStoreOpen: fc.boolean(),
  lastAgentId: fc.constantFrom(null, 'a', 'b'),
})

const now = 1_000

/** The rules once more, one by one and without sorting: what `chooseAgent` must agree with. */
function judge(q: Queue, all: readonly Agent[], w: Waiting, units: number) {
  const able: Agent[] = []
  for (const one of all) {
    const everybody = q.teamIds.length + q.staffIds.length === 0
    if (!everybody && !q.staffIds.includes(one.id) && !one.teamIds.some(team => q.teamIds.includes(team)))
      continue
    if (one.storeIds !== null && one.storeIds.indexOf(w.storeId) < 0) continue
    if (q.skills.some(skill => !one.skills.includes(skill))) continue
    able.push(one)
  }
  const speakers = able.filter(one => one.languages.some(tag => tag.slice(0, 2) === w.language))
  const there = (speakers.length > 0 ? speakers : able).filter(one => one.isOnline)
  const free = there.filter(
    one =>
      now >= one.wrapUpUntil &&
      one.capacity - one.units >= units &&
      (w.channelKind === 'mail' || one.chatLimit > one.openChats),
  )
  const last = there.find(one => one.id === w.lastAgentId)
  const isShut = q.outOfHours === 'hold' && !w.isStoreOpen
  const isPatient = last && !free.includes(last) && now - w.queuedAt < q.stickyWaitSeconds * 1_000
  return { free, last, mustNot: isShut || Boolean(isPatient) }
}

test('the choice never passes a cap, a skill, a language, a store or a wrap-up, and misses nobody who is free', () => {
  fc.assert(
    fc.property(queue, agents, waiting, fc.constantFrom(10, 30, 100), (q, all, w, units) => {
      const { free, last, mustNot } = judge(q, all, w, units)
      const { agent, candidates, reason } = chooseAgent(q, all, w, { now, units })
      if (mustNot || free.length === 0) {
        expect(agent).toBeNull()
        return
      }
      expect(free).toContain(agent)
      expect(new Set(candidates)).toEqual(new Set(free))
      expect(candidates[0]).toBe(agent)
      if (last && free.includes(last)) {
        expect(agent).toBe(last)
        expect(reason).toBe('last_agent')
        return
      }
      expect(reason).toBe(q.strategy)
      const share = (one: Agent) => (one.capacity === 0 ? 1 : one.units / one.capacity)
      const rank = (one: Agent) => one.languages.findIndex(tag => tag.startsWith(w.language))
      for (const other of free) {
        if (q.strategy === 'least_loaded') expect(share(agent!)).toBeLessThanOrEqual(share(other))
        if (q.strategy === 'longest_idle') expect(agent!.idleSince).toBeLessThanOrEqual(other.idleSince)
        if (q.strategy === 'skill_first') expect(rank(agent!)).toBeLessThanOrEqual(rank(other))
      }
    }),
    { numRuns: 5_000 },
  )
})

test('the choice does not depend on the order in which agents are listed', () => {
  fc.assert(
    fc.property(queue, agents, waiting, (q, all, w) => {
      const at = { now, units: 30 }
      expect(chooseAgent(q, all.toReversed(), w, at).agent?.id).toBe(chooseAgent(q, all, w, at).agent?.id)
    }),
  )
})

test('the first queue whose terms all fit takes a conversation, and none where none fits', () => {
  const terms = fc.record({
    channelKinds: some('web_chat', 'mail'),
    storeIds: some('s1', 's2'),
    languages: some('en', 'de'),
    reasons: some('refund', 'delivery'),
    customerTags: some('vip', 'b2b'),
  })
  const asked = fc.record({
    channelKind: fc.constantFrom('web_chat', 'mail'),
    storeId: fc.constantFrom('s1', 's2'),
    language,
    reason: fc.constantFrom(null, 'refund', 'delivery'),
    customerTags: some('vip', 'b2b', 'new'),
  })
  const fits = (q: Queue, w: typeof asked extends fc.Arbitrary<infer T> ? T : never) =>
    (q.channelKinds.length === 0 || q.channelKinds.includes(w.channelKind)) &&
    (q.storeIds.length === 0 || q.storeIds.includes(w.storeId)) &&
    (q.languages.length === 0 || q.languages.includes(w.language)) &&
    (q.reasons.length === 0 || (w.reason !== null && q.reasons.includes(w.reason))) &&
    (q.customerTags.length === 0 || q.customerTags.filter(tag => w.customerTags.includes(tag)).length > 0)
  fc.assert(
    fc.property(fc.array(terms, { maxLength: 5 }), asked, (all, w) => {
      const inOrder = all.map((fields, n) => ({ ...plain, ...fields, id: String(n) }))
      let first: Queue | undefined
      for (const q of inOrder) if (!first && fits(q, w)) first = q
      expect(chooseQueue(inOrder, w)).toBe(first)
    }),
    { numRuns: 2_000 },
  )
})
