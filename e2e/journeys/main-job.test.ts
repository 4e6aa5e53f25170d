import type { FrameLocator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPerson, openBrowser, openChat, signIn } from '../browser.ts'
import { type House, startHouse } from '../house.ts'

let house: House
let browser: Awaited<ReturnType<typeof openBrowser>>

beforeAll(async () => {
  house = await startHouse()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

/** What stands in the thread; the line that screen readers are told is apart from it. */
const said = (chat: FrameLocator, text: string) => chat.locator('.bubble', { hasText: text })

describe('the main job', () => {
  test('a visitor writes, an agent sees it at once with a clock, the server dies, and the answer arrives once', async () => {
    const agent = await newPerson(browser)
    await signIn(agent.page, house.url, 'weber@yuanxing.example', 'friends-from-afar')
    await agent.page.getByRole('button', { name: /availability|offline/i }).click()
    await agent.page.getByText('Online', { exact: true }).click()

    const visitor = await newPerson(browser)
    const chat = await openChat(visitor.page, house.url, 'bambu')
    const question = 'Do you ship this lamp to Norway, please?'
    await chat.locator('textarea').first().fill(question)
    await chat.locator('textarea').first().press('Enter')
    const sentAt = Date.now()

    const row = agent.page.getByText(question).first()
    await row.waitFor({ timeout: 10_000 })
    const seenAfter = Date.now() - sentAt
    console.log(`the agent saw it ${seenAfter} ms after it was sent`)
    await expect
      .poll(() => agent.page.getByText(/^(\d+ s|0:\d\d|\+\d+ )/).count(), { timeout: 5_000 })
      .toBeGreaterThan(0)

    await house.kill()
    await chat.locator('textarea').first().fill('And how long does it take?')
    await chat.locator('textarea').first().press('Enter')
    house = await startHouse({ dataDir: house.dataDir, port: house.port })

    await row.click()
    await agent.page.getByRole('log').getByText('And how long does it take?').waitFor({ timeout: 30_000 })
    // A person reads before he answers; what arrived in the second before Enter counts as unread.
    await agent.page.waitForTimeout(2_000)
    const composer = agent.page.getByPlaceholder(/^Reply to/)
    await composer.fill('Yes, we ship to Norway. It takes about six days.')
    await composer.press('Control+Enter')

    await said(chat, 'Yes, we ship to Norway.').waitFor({ timeout: 30_000 })
    expect(await said(chat, question).count()).toBe(1)
    expect(await said(chat, 'And how long does it take?').count()).toBe(1)
    expect(await said(chat, 'Yes, we ship to Norway.').count()).toBe(1)

    await visitor.page.reload()
    const again = await openChat(visitor.page, house.url, 'bambu')
    await said(again, 'Yes, we ship to Norway.').waitFor({ timeout: 10_000 })
    expect(await said(again, question).count()).toBe(1)
    expect([...agent.errors, ...visitor.errors]).toEqual([])
    await agent.close()
    await visitor.close()
  })
})
