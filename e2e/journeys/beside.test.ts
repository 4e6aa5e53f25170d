import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPerson, openBrowser, openChat, signIn } from '../browser.ts'
import { type House, startHouse } from '../house.ts'

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

test('what one wrote is found by its words and linked, and a blocked sender is heard again with what came meanwhile', async () => {
  const { page: agent, errors } = await newPerson(browser)
  await signIn(agent, house.url, 'admin@yuanxing.example', password)
  await agent.getByRole('button', { name: 'Go online' }).click()
  await agent.getByText('Online', { exact: true }).waitFor()

  const visitor = await newPerson(browser)
  const chat = await openChat(visitor.page, house.url, 'bambu')
  const write = async (text: string) => {
    await chat.locator('textarea').first().fill(text)
    await chat.locator('textarea').first().press('Enter')
    await chat.locator('.bubble', { hasText: text }).waitFor()
  }
  await write('The zither arrived without its strings.')
  const list = agent.getByRole('region', { name: 'Conversations' })
  await agent.goto(`${house.url}/inbox?view=all`)
  await list.getByText('The zither arrived').waitFor()

  await agent.keyboard.press('Alt+f')
  await agent
    .getByPlaceholder('Customers, conversations and everything that was written')
    .fill('zither strings')
  const hit = agent.locator('mark', { hasText: 'zither' }).first()
  await hit.waitFor()
  await hit.click()
  const thread = agent.getByRole('log')
  await thread.getByText('The zither arrived without its strings.').waitFor()

  const further = (name: string) =>
    agent
      .getByRole('button', { name: 'More', exact: true })
      .click()
      .then(() => agent.getByRole('menuitem', { name }).click())
  await further('Link…')
  const linking = agent.getByRole('dialog', { name: /^Link #/ })
  await linking.getByLabel('Conversation', { exact: true }).fill('1011')
  await agent.getByText('#1011').last().click()
  await linking.getByRole('button', { name: 'Link' }).click()
  await linking.waitFor({ state: 'hidden' })
  await agent.getByText('Related to #1011', { exact: true }).waitFor()

  await further('Block sender…')
  const blocking = agent.getByRole('dialog', { name: 'Block this sender?' })
  await blocking.getByLabel('Mark this conversation as spam').uncheck()
  await blocking.getByRole('button', { name: 'Block', exact: true }).click()
  await agent.getByText('This sender is blocked and can’t be answered.').waitFor()
  await write('Is nobody there?')
  await expect(thread.getByText('Is nobody there?').count()).resolves.toBe(0)

  await further('Unblock sender…')
  const unblocking = agent.getByRole('dialog', { name: 'Unblock this sender?' })
  await unblocking.getByText('1 message came while this sender was blocked.').waitFor()
  await unblocking.getByRole('radio', { name: 'Bring it in now, as if it had just come' }).check()
  await unblocking.getByRole('button', { name: 'Unblock' }).click()
  await thread.getByText('Is nobody there?').waitFor()

  expect([...errors, ...visitor.errors]).toEqual([])
})
