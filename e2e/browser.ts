import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { onTestFailed } from 'vitest'

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium', args: quiet })

let pictures = 0

/** A person at a browser of his own: nothing is shared with the others, and what went wrong on his pages is kept. */
export async function newPerson(browser: Browser, locale = 'en-US') {
  const context = await browser.newContext({ locale, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  onTestFailed(async ({ task }) => {
    const picture = path.join(
      import.meta.dirname,
      '../test-results',
      `${task.name.slice(0, 60)}, person ${++pictures}.png`,
    )
    await page.screenshot({ path: picture }).catch(() => {})
  })
  return { page, errors, close: () => context.close() }
}

export async function signIn(page: Page, url: string, email: string, password: string) {
  await page.goto(url)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await page
    .getByRole('link', { name: /inbox|会话/i })
    .first()
    .waitFor()
}

/** The chat on a shop's page: its launcher pressed, its frame answered. */
export async function openChat(page: Page, url: string, storeKey: string) {
  await page.goto(`${url}/storefront/${storeKey}/`)
  await page.getByRole('button', { name: /chat/i }).first().click()
  const frame = page.frameLocator('iframe[src*="/widget/"]')
  await frame.locator('textarea').first().waitFor()
  return frame
}
