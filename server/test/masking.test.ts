import { beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from './app.ts'
import { addressOf, type Document, nounOf, operationsOf } from './requests.ts'
import { makeWorld } from './world.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const world = await makeWorld(app, admin)
const operations = operationsOf((await app.get('/openapi.json')).body as unknown as Document)

const mail = 'quetzalcoatl.vance@zanzibar-post.example'
const phone = '+4915175550199'
/** In every way they are written: as stored, as typed, by their telling parts. */
const sentinels = [
  mail,
  mail.toUpperCase(),
  'quetzalcoatl',
  'zanzibar-post',
  phone,
  phone.slice(1),
  '15175550199',
  '0151 75550199',
  '75550199',
]
const tells = (text: string) =>
  sentinels.filter(sentinel => text.toLowerCase().includes(sentinel.toLowerCase()))

const agent = await app.as('agent')
const trainer = await app.as('trainer')
const almost = await everythingBut('customers:contact-details')
let customerId = ''

beforeAll(async () => {
  const created = await admin.post('/customers', { name: 'Vance', email: mail, phone, country: 'DE' })
  customerId = (created.body as { id: string }).id
  expect((await world.visitor.put('/widget/contact', { name: 'Guest', email: mail, phone })).status).toBe(204)
  await admin.post(`/customers/${customerId}/identities`, {
    kind: 'external',
    scope: 'shop',
    value: 'quetzalcoatl',
  })
  await admin.put(`/customers/${customerId}/merge`, { intoId: world.ids.customers })
  await admin.delete(`/customers/${customerId}/merge`)
  await app.settled()
})

/** A role of the company's own with every permission there is but one. */
async function everythingBut(left: string) {
  const { items } = (await admin.get('/permissions')).body as unknown as { items: { code: string }[] }
  const permissions = items.map(({ code }) => code).filter(code => code !== left)
  const role = (await admin.post('/roles', { name: 'Almost everything', permissions })).body as { id: string }
  const person = await app.as('trainer')
  await admin.patch(`/staff/${person.id}`, { roleId: role.id })
  return person
}

const reads = operations.filter(
  ({ method, permission }) => method === 'GET' && permission !== 'visitor' && permission !== 'public',
)
const subjects = () => [customerId, world.caseyId, world.ids.customers!]

async function read(who: typeof agent, operation: (typeof reads)[number]) {
  const ids = nounOf(operation.path) === 'customers' ? subjects() : [world.ids[nounOf(operation.path)] ?? '']
  const texts: string[] = []
  for (const id of operation.path.includes('{id}') ? ids : ['']) {
    const response = await app.http.inject({ url: addressOf(operation, world, { id }), headers: who.headers })
    texts.push(`${response.body} ${JSON.stringify(response.headers)}`)
  }
  return texts.join('\n')
}

describe('the mail address and number of a customer', () => {
  test('are in what a colleague who may see them reads', async () => {
    const told = await Promise.all(
      reads.map(async operation => [operation.name, tells(await read(agent, operation))] as const),
    )
    const open = told.filter(([, found]) => found.length > 0).map(([name]) => name)
    expect(open).toEqual(expect.arrayContaining(['GET /api/customers', 'GET /api/customers/{id}']))
  })

  test.each(reads)('are in no answer to who may not see them: $name', async operation => {
    const own = [world.mail, world.phone]
    for (const who of [trainer, almost]) {
      const text = await read(who, operation)
      expect([...tells(text), ...own.filter(sentinel => text.includes(sentinel))]).toEqual([])
    }
  })

  test('are not in the answers to writes either', async () => {
    const { version } = (await almost.get(`/customers/${customerId}`)).body as { version: number }
    const answers = [
      await almost.patch(`/customers/${customerId}`, { version, name: 'Vance again' }),
      await almost.put(`/customers/${customerId}/tags`, { tags: ['vip'] }),
      await almost.put(`/customers/${customerId}/facts/size`, { value: 'M' }),
      await almost.put(`/customers/${world.intoId}/merge`, { intoId: customerId }),
      await almost.delete(`/customers/${world.intoId}/merge`),
      await almost.post(`/customers/${customerId}/reveal`),
      await almost.post('/customers', { name: 'Twin', email: mail }),
    ]
    expect(answers.slice(0, 3).map(answer => answer.status)).toEqual([200, 200, 200])
    expect(answers.at(-2)!.status).toBe(403)
    expect(answers.slice(0, -1).flatMap(answer => tells(JSON.stringify(answer.body)))).toEqual([])
  })

  test('cannot be found out by searching for them, nor a part of them', async () => {
    const search = async (who: typeof agent, text: string) =>
      (await who.get(`/customers?search=${encodeURIComponent(text)}`)).body as unknown as {
        items: { id: string }[]
      }
    const guesses = [
      ...sentinels,
      'quetz',
      'vance@zan',
      '@zanzibar',
      '555019',
      '+49 151',
      '0199',
      phone.slice(0, 8),
    ]
    expect((await search(agent, mail)).items.map(({ id }) => id)).toContain(customerId)
    expect((await search(agent, phone)).items.map(({ id }) => id)).toContain(customerId)
    for (const who of [trainer, almost])
      for (const guess of guesses) expect(await search(who, guess), guess).toEqual({ items: [], next: null })
  })
})
