import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPerson, openBrowser, signIn } from '../browser.ts'
import { type Call, client, type House, setUpHouse, startHouse } from '../house.ts'

let house: House
let browser: Awaited<ReturnType<typeof openBrowser>>
const password = 'a floor of four people'
const names = ['Ana', 'Ben', 'Chen', 'Dita'] as const

beforeAll(async () => {
  house = await startHouse({ args: ['--empty'] })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

const listed = (page: Page) => page.getByRole('region', { name: 'Conversations' }).getByRole('link')

async function hire(call: Call, name: string) {
  const { items: roles } = await call<{ items: { id: string; code: string | null }[] }>('GET', '/roles')
  const email = `${name.toLowerCase()}@test.example`
  const roleId = roles.find(({ code }) => code === 'agent')!.id
  const { url } = await call<{ url: string }>('POST', '/invitations', { email, roleId })
  const token = url.split('/').at(-1)
  const me = { name, password, locale: 'en' }
  await client(house.url)('POST', `/invitations/by-token/${token}/acceptance`, me)
  return email
}

async function comeOnline(name: string, email: string) {
  const person = await newPerson(browser)
  await signIn(person.page, house.url, email, password)
  await setAvailability(person.page, 'Online')
  return { ...person, name }
}

async function setAvailability(page: Page, state: 'Online' | 'Offline') {
  await page.getByRole('button', { name: 'Your availability' }).click()
  await page.getByText(state, { exact: true }).last().click()
}

async function visit(storeKey: string, text: string) {
  const session = { store: storeKey, locale: 'en' }
  const { token } = await client(house.url)<{ token: string }>('POST', '/widget/session', session)
  const call = client(house.url, { authorization: `Bearer ${token}` })
  await call('POST', '/widget/messages', { clientId: randomUUID(), text })
}

type Person = Awaited<ReturnType<typeof comeOnline>>

const card = (page: Page, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) }).last()

async function tile(page: Page, name: string): Promise<number> {
  const text = await page.locator('section > div', { hasText: name }).first().innerText()
  return Number(text.replace(name, '').trim())
}

type Row = { id: string; assignee: { name: string } | null; preview: { text: string } | null }
const openChats = async (call: Call) =>
  (await call<{ items: Row[] }>('GET', '/conversations?view=all&limit=100')).items
const held = async (call: Call) => {
  const rows = await openChats(call)
  return Object.fromEntries(
    [...names, 'nobody'].map(name => [
      name,
      rows.filter(({ assignee }) => (assignee?.name ?? 'nobody') === name).length,
    ]),
  )
}

describe('a shift', () => {
  test('of four with twenty chats: one goes offline, one answer is late, and the supervisor moves it', async () => {
    const { call, store, admin } = await setUpHouse(house.url)
    await call('POST', '/channels', { kind: 'web_chat', storeId: store.id, name: 'Chat', settings: {} })
    const floor: Awaited<ReturnType<typeof comeOnline>>[] = []
    for (const name of names) floor.push(await comeOnline(name, await hire(call, name)))
    const [ana, ben, , dita] = floor as [Person, Person, Person, Person]
    const lead = await newPerson(browser)
    await signIn(lead.page, house.url, admin.email, admin.password)
    await lead.page.goto(`${house.url}/insight`)

    for (let n = 1; n <= 20; n++) await visit(store.key, `Where is parcel ${n}?`)
    await expect
      .poll(() => held(call), { timeout: 20_000 })
      .toEqual({ Ana: 5, Ben: 5, Chen: 5, Dita: 5, nobody: 0 })
    await expect.poll(() => listed(ana.page).count()).toBe(5)

    await setAvailability(dita.page, 'Offline')
    await expect.poll(() => held(call), { timeout: 10_000 }).toMatchObject({ Dita: 0, nobody: 5 })
    const whoWaits = card(lead.page, 'Waiting the longest')
    await expect.poll(() => whoWaits.getByRole('link').count(), { timeout: 20_000 }).toBe(5)
    await lead.page.getByText('2 offline').waitFor()

    await listed(ana.page).first().click()
    const composer = ana.page.getByPlaceholder(/^Reply to/)
    await composer.fill('It leaves today.')
    await composer.press('Control+Enter')
    await ana.page.getByRole('log').getByText('It leaves today.').waitFor()
    // For ten seconds she could have taken it back; then it is said, and she resolves what she sees.
    await ana.page.getByText('Us: It leaves today.').waitFor()
    await ana.page.waitForTimeout(1_500)
    await ana.page.keyboard.press('Alt+e')
    // Her place is taken at once by whoever waits longest.
    await expect.poll(() => held(call), { timeout: 20_000 }).toMatchObject({ Ana: 5, nobody: 4 })

    const late = (await openChats(call)).find(({ assignee }) => assignee === null)!
    await expect.poll(() => tile(lead.page, 'Clocks run out'), { timeout: 45_000 }).toBeGreaterThan(0)
    await whoWaits.locator(`a[href$="${late.id}"]`).click()
    await lead.page.getByText('Watching; nobody sees it').waitFor()
    await lead.page.getByRole('log').getByText(late.preview!.text).waitFor()
    await lead.page.getByRole('button', { name: 'Move' }).click()
    const dialog = lead.page.getByRole('dialog')
    await dialog.getByRole('combobox').fill('Ben')
    await lead.page.keyboard.press('Enter')
    await dialog.getByLabel('Why').fill('The answer is late, please take it at once.')
    await dialog.getByRole('button', { name: 'Move' }).click()
    await dialog.waitFor({ state: 'hidden' })

    await ben.page.locator(`a[href*="${late.id}"]`).first().click({ timeout: 5_000 })
    await ben.page.getByText('The answer is late, please take it at once.').first().waitFor()
    expect(await held(call)).toMatchObject({ Ben: 6, nobody: 3 })

    const all = await call<{ items: unknown[] }>('GET', '/conversations?view=all&limit=100')
    expect(all.items).toHaveLength(19)
    expect([...floor.flatMap(({ errors }) => errors), ...lead.errors]).toEqual([])
  })
})
