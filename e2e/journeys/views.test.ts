import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPerson, openBrowser, openChat, signIn } from '../browser.ts'
import { client, type House, startHouse } from '../house.ts'

let house: House
let browser: Awaited<ReturnType<typeof openBrowser>>
const password = 'friends-from-afar'

beforeAll(async () => {
  house = await startHouse()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

describe('a view of one’s own making', () => {
  test('is shared, counts live for whoever reads it, and loses what is snoozed until it is back', async () => {
    const call = client(house.url)
    await call('POST', '/session', { email: 'weber@yuanxing.example', password })
    const me = await call<{ id: string }>('GET', '/session')

    const agent = await newPerson(browser)
    await signIn(agent.page, house.url, 'weber@yuanxing.example', password)
    await call('PUT', '/session/availability', { state: 'online' })

    const visitor = await newPerson(browser)
    const chat = await openChat(visitor.page, house.url, 'bambu')
    const question = 'Is the walnut tray in stock again?'
    await chat.locator('textarea').first().fill(question)
    await chat.locator('textarea').first().press('Enter')
    let id = ''
    await expect
      .poll(
        async () => {
          const { items } = await call<{ items: { id: string; preview: { text: string } | null }[] }>(
            'GET',
            '/conversations?view=all&sort=activity',
          )
          id = items.find(({ preview }) => preview?.text === question)?.id ?? ''
          return id
        },
        { timeout: 10_000 },
      )
      .not.toBe('')
    await call('PUT', `/conversations/${id}/assignee`, { staffId: me.id })

    const lead = await newPerson(browser)
    await signIn(lead.page, house.url, 'admin@yuanxing.example', password)
    await lead.page.goto(`${house.url}/inbox`)
    await lead.page.getByRole('button', { name: 'New view' }).click()
    const editor = lead.page.getByRole('dialog', { name: 'New view' })
    await editor.getByLabel('Name').fill('My VIP chats')
    await editor.getByLabel('Who sees it').click()
    await lead.page.getByTitle('Everybody').click()
    await editor.getByRole('button', { name: 'Condition' }).click()
    await editor.getByLabel('Field').last().click()
    await lead.page.keyboard.type('Tags')
    await lead.page.keyboard.press('Enter')
    await editor.getByLabel('Value').last().fill('VIP')
    await lead.page.keyboard.press('Enter')
    await editor.getByText('0 conversations').waitFor()
    await editor.getByRole('button', { name: 'Save' }).click()
    await editor.waitFor({ state: 'hidden' })

    const view = agent.page.getByRole('link', { name: /^\S* ?My VIP chats/ })
    await view.click()
    // Under the pointer the view's menu stands where its count is.
    await agent.page.mouse.move(900, 500)
    await agent.page.getByText('Nothing is in this view').waitFor()

    const taggedAt = Date.now()
    await call('PUT', `/conversations/${id}/tags`, { tags: ['VIP'] })
    await view.getByText('1', { exact: true }).waitFor({ timeout: 2_000 })
    const row = agent.page.getByRole('region', { name: 'Conversations' }).getByText(question)
    await row.waitFor({ timeout: 2_000 })
    console.log(`the count went up ${Date.now() - taggedAt} ms after the tag`)

    await row.click()
    await agent.page.getByRole('log').getByText(question).waitFor()
    await agent.page.keyboard.press('Alt+m')
    await agent.page.getByRole('button', { name: /^In 1 hour/ }).click()
    await agent.page
      .getByText(/^Snoozed until \S/)
      .first()
      .waitFor()
    await row.waitFor({ state: 'hidden', timeout: 5_000 })
    await view.getByText('1', { exact: true }).waitFor({ state: 'hidden', timeout: 5_000 })

    const more = 'I would take two of them.'
    await chat.locator('textarea').first().fill(more)
    await chat.locator('textarea').first().press('Enter')
    const again = agent.page.getByRole('region', { name: 'Conversations' }).getByText(more)
    await again.waitFor({ timeout: 5_000 })
    await view.getByText('1', { exact: true }).waitFor({ timeout: 5_000 })

    await call('PUT', `/conversations/${id}/snooze`, { until: new Date(Date.now() + 3_000).toISOString() })
    await again.waitFor({ state: 'hidden', timeout: 2_500 })
    await again.waitFor({ timeout: 8_000 })
    await agent.page
      .getByRole('log')
      .getByText(/^Back: /)
      .waitFor({ timeout: 5_000 })

    expect([...agent.errors, ...lead.errors, ...visitor.errors]).toEqual([])
  })
})
