import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { type BenchHouse, openHouse } from './house.ts'
import { cpuSeconds } from './server-process.ts'
import { arrivals, dice, quantile } from './statistics.ts'
import { type ApiChannel, openApiChannel, post, takenIn } from './webhooks.ts'

const agents = 30
const sharedViews = 20
const ownViews = 10
const perSecond = 50
/** A console asks again so soon at most, however much happens. */
const asksEveryMs = 800
const second = 1_000

type Agent = { cookie: string }
type Count = { id: string; count: number }

/**
 * A floor of thirty with thirty views each, whose counts follow fifty messages a second: what that costs the server
 * beyond taking the messages in, and whether the counts are right.
 */
export async function viewCounts({ quick, say }: Bench): Promise<Figure[]> {
  const house = await openHouse()
  try {
    const channel = await openApiChannel(house)
    const people = await hire(house, quick ? 5 : agents)
    await makeViews(house, people)
    const seconds = quick ? 6 : 20
    const without = await play(house, channel, seconds, 'without')
    const looking = startLooking(house, people)
    await sleep(2 * second)
    const during = await play(house, channel, seconds, 'with')
    const took = await looking.stop()
    const lag = await lagBehind(house, channel, people[0]!)
    const wrong = await wrongCounts(house, people)
    const forIt = (during.server - without.server) / seconds
    say(
      `${took.length} times asked; the database took ${((during.database - without.database) / seconds).toFixed(2)} of a core for it`,
    )
    return [
      relative(
        'thirty live views for thirty, server for it',
        forIt * 100,
        '% of a core',
        { to: 'taking in 50 messages/s alone', ratio: during.server / without.server },
        null,
      ),
      absolute('thirty live views for thirty, of one core', forIt * 100, '%', { atMost: 60 }),
      absolute('thirty counts, asked over HTTP p95', quantile(took, 0.95), 'ms', null),
      absolute('a count is right after', lag, 's', { atMost: 2 }),
      absolute('counts that are wrong in the end', wrong, 'views', { atMost: 0 }),
    ]
  } finally {
    await house.close()
  }
}

async function hire({ call, url }: BenchHouse, many: number): Promise<Agent[]> {
  const { items: roles } = await call<{ items: { id: string; code: string }[] }>('GET', '/roles')
  const roleId = roles.find(({ code }) => code === 'agent')!.id
  const people: Agent[] = []
  for (let n = 0; n < many; n++) {
    const invitation = await call<{ url: string }>('POST', '/invitations', {
      ...{ email: `agent-${n}@bench.example`, roleId, storeIds: null },
    })
    const token = invitation.url.split('/').at(-1)!
    const person = { email: `agent-${n}@bench.example`, password: 'correct horse battery staple' }
    await send(`${url}/api/invitations/by-token/${token}/acceptance`, n, {
      ...{ name: `Agent ${n}`, password: person.password, locale: 'en' },
    })
    const headers = await send(`${url}/api/session`, n, person)
    people.push({ cookie: headers['set-cookie']!.map(set => set.split(';')[0]!).join('; ') })
  }
  return people
}

/** From an address of his own: guesses at passwords are counted by address, and thirty from one are too many. */
const send = (url: string, n: number, body: object) =>
  new Promise<http.IncomingHttpHeaders>((done, fail) => {
    const from = { localAddress: `127.0.1.${n + 1}`, headers: { 'content-type': 'application/json' } }
    const request = http.request(
      url.replace('localhost', '127.0.0.1'),
      { method: 'POST', ...from },
      answer => {
        answer.resume()
        if (answer.statusCode! < 300) done(answer.headers)
        else fail(new Error(`${url} was answered ${answer.statusCode}`))
      },
    )
    request.on('error', fail)
    request.end(JSON.stringify(body))
  })

const open = { field: 'category', is: 'in', value: ['new', 'open'] }
const mine = { field: 'assignee', is: 'in', value: ['@me'] }
const waits = (minutes: number) => ({
  ...{ field: 'waiting_since', is: 'older_than', value: { n: minutes, unit: 'minutes' } },
})

/** As floors have them: by language, word, tag, priority, how long one waits, what was said; some of one's own. */
const shared = (n: number) =>
  [
    { all: [open, { field: 'language', is: 'is', value: 'en' }] },
    { all: [open, waits(n + 1)] },
    { all: [open, mine] },
    { all: [open, { field: 'customer_name', is: 'contains', value: String(n % 10) }] },
    { all: [open, { none: 'messages', where: { field: 'kind', is: 'in', value: ['reply'] } }] },
    { all: [open, { field: 'priority', is: 'in', value: ['high', 'urgent'] }] },
    { all: [open, { not: { field: 'tags', is: 'has_any', value: [`tag${n}`] } }] },
  ][n % 7]!

async function makeViews({ call, lines, url }: BenchHouse, people: readonly Agent[]) {
  for (let n = 0; n < sharedViews; n++)
    await call('POST', '/views', { name: `Shared ${n}`, scope: 'company', condition: shared(n) })
  for (const [who, { cookie }] of people.entries())
    for (let n = 0; n < ownViews; n++) {
      const condition = { all: [open, { field: 'customer_messages', is: 'above', value: (who + n) % 40 }] }
      const answer = await lines.send(
        'POST',
        '/api/views',
        { cookie, origin: url, 'content-type': 'application/json' },
        JSON.stringify({ name: `Own ${n}`, condition }),
      )
      if (answer.status !== 201) throw new Error(`A view was answered ${answer.status} ${answer.body}`)
    }
}

/** Each message at its moment, a fifth of them from somebody new. */
async function play(house: BenchHouse, channel: ApiChannel, seconds: number, name: string) {
  const random = dice(7)
  const before = cpuSeconds(house)
  const began = performance.now()
  let senders = 20
  const underway: Promise<unknown>[] = []
  for (const [n, at] of arrivals(perSecond, seconds, random).entries()) {
    const early = began + at - performance.now()
    if (early > 0) await sleep(early)
    const sender = random() < 0.2 ? ++senders : 1 + Math.floor(random() * senders)
    underway.push(post(house.lines, channel, { id: `${name}${n}`, sender: `${name}${sender}` }))
  }
  await Promise.all(underway)
  await takenIn(house)
  const after = cpuSeconds(house)
  return { server: after.server - before.server, database: after.database - before.database }
}

function startLooking(house: BenchHouse, people: readonly Agent[]) {
  let stopped = false
  const took: number[] = []
  const looks = people.map(async (agent, n) => {
    await sleep((asksEveryMs * n) / people.length)
    while (!stopped) {
      const began = performance.now()
      await countsOf(house, agent)
      took.push(performance.now() - began)
      await sleep(Math.max(0, asksEveryMs - (performance.now() - began)))
    }
  })
  return {
    async stop() {
      stopped = true
      await Promise.all(looks)
      return took
    },
  }
}

async function countsOf({ lines }: BenchHouse, { cookie }: Agent): Promise<Count[]> {
  const answer = await lines.send('GET', '/api/views/counts', { cookie })
  if (answer.status !== 200) throw new Error(`The counts were answered ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body).items
}

/** From the acknowledgement of somebody's first message until his conversation is counted, the slowest of ten. */
async function lagBehind(house: BenchHouse, channel: ApiChannel, agent: Agent): Promise<number> {
  let slowest = 0
  for (let n = 0; n < 10; n++) {
    const before = (await countsOf(house, agent)).map(({ count }) => count).join()
    await post(house.lines, channel, { id: `late${n}`, sender: `late${n}` })
    const began = performance.now()
    while ((await countsOf(house, agent)).map(({ count }) => count).join() === before) {
      if (performance.now() - began > 10 * second) return Number.POSITIVE_INFINITY
      await sleep(20)
    }
    slowest = Math.max(slowest, (performance.now() - began) / second)
  }
  return slowest
}

/** Beside what a list of the same view holds. */
async function wrongCounts(house: BenchHouse, people: readonly Agent[]): Promise<number> {
  await takenIn(house)
  await sleep(2_500)
  let wrong = 0
  for (const agent of [people[0]!, people.at(-1)!])
    for (const { id, count } of await countsOf(house, agent))
      if (Math.min(await listed(house, agent, id), 1_000) !== count) wrong += 1
  return wrong
}

async function listed({ lines }: BenchHouse, { cookie }: Agent, id: string): Promise<number> {
  let many = 0
  let next: string | null = ''
  while (next !== null && many < 1_000) {
    const cursor: string = next ? `&cursor=${next}` : ''
    const page = await lines.send('GET', `/api/conversations?savedViewId=${id}&limit=100${cursor}`, {
      cookie,
    })
    const { items, next: further } = JSON.parse(page.body) as { items: unknown[]; next: string | null }
    many += items.length
    next = further
  }
  return many
}
