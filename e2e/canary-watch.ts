import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Where canaries fly to: whoever asks it for anything has let one out. */
export async function openTrap() {
  const caught: string[] = []
  const server = http.createServer((request, response) => {
    caught.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>(done => void server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as AddressInfo).port, caught, close: () => server.close() }
}

export type Trap = Awaited<ReturnType<typeof openTrap>>

/** A page that tells of every sign that a canary came alive. */
export async function watched(browser: Browser, trap: Trap, locale = 'en-US') {
  const context = await browser.newContext({ locale, viewport: { width: 1366, height: 900 } })
  const signs: string[] = []
  await context.exposeBinding('__sign', (_source, sign: string) => void signs.push(sign))
  await context.addInitScript(() => {
    const sign = (text: string) => (window as unknown as { __sign(text: string): void }).__sign(text)
    Object.defineProperty(window, '__xss', {
      set: () => sign(`ran in ${location.pathname}`),
      get: () => undefined,
    })
    document.addEventListener('securitypolicyviolation', event =>
      sign(`${event.violatedDirective} blocked ${event.blockedURI} in ${location.pathname}: ${event.sample}`),
    )
  })
  const page = await context.newPage()
  page.on('dialog', dialog => {
    signs.push(`dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
  page.on('request', request => {
    const { port: asked } = new URL(request.url())
    if (asked === String(trap.port) || request.url().startsWith('javascript:'))
      signs.push(`asked for ${request.url()}`)
  })
  page.on('popup', popup => signs.push(`opened ${popup.url()}`))
  return { page, signs, close: () => context.close() }
}

/** Nothing came alive. */
export async function expectQuiet(
  { page, signs }: { page: Page; signs: string[] },
  { caught }: Trap,
  where: string,
) {
  await page.waitForTimeout(300)
  expect(signs, where).toEqual([])
  expect(caught, where).toEqual([])
}
