import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type FrameLocator,
  type Page,
} from 'playwright-core'
import { type Fake, startFake } from '../dev/fake-server.ts'

const quiet =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

export const launch = (...more: string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
    args: [...quiet.split(' '), ...more],
  })

/** Whatever the browser complains of fails the run: refused by policy, uncaught, not found. */
export const complaints: string[] = []

export type Shop = { fake: Fake; page: Page; chat: FrameLocator; close(): Promise<void> }

export async function visitShop(
  browser: Browser,
  options: BrowserContextOptions = {},
  given?: Fake,
): Promise<Shop> {
  const fake = given ?? (await startFake())
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    ...options,
  })
  const page = await context.newPage()
  listen(page)
  await page.goto(`${fake.url}/storefront/demo/`)
  const close = async () => {
    await context.close()
    if (!given) await fake.stop()
  }
  return { fake, page, chat: page.frameLocator('#afar iframe'), close }
}

export function listen(page: Page) {
  page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`))
  page.on('console', message => {
    const text = message.text()
    // A line cut on purpose is reported by the browser as well; that is not ours to prevent.
    if (
      message.type() === 'error' &&
      !/ERR_(CONNECTION|EMPTY_RESPONSE|ABORTED|INTERNET)|WebSocket|status of (4|5)\d\d/.test(text)
    )
      complaints.push(text)
  })
}

export const launcherOf = (page: Page) => page.locator('#afar .launcher')

export async function open({ page, chat }: Pick<Shop, 'page' | 'chat'>) {
  await launcherOf(page).click()
  await chat.locator('.panel').waitFor()
}

export async function write({ chat }: Pick<Shop, 'chat'>, text: string) {
  const area = chat.locator('.field textarea')
  await area.fill(text)
  await area.press('Enter')
}

export const bubbles = ({ chat }: Pick<Shop, 'chat'>) =>
  chat.locator('.thread .line:not(.system) .said').allTextContents()

export async function until(what: string, isSo: () => Promise<boolean> | boolean, within = 10_000) {
  const end = Date.now() + within
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`It did not come about: ${what}`)
    await new Promise(done => setTimeout(done, 50))
  }
}

export function expect(isSo: unknown, what: string): asserts isSo {
  if (!isSo) throw new Error(`Not so: ${what}`)
}

export function expectSame(found: unknown, wanted: unknown, what: string) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`)
}

/** A line that can swallow all that goes through it, as a dead mobile cell does; what was swallowed never comes. */
export async function startProxy(port: number) {
  const lines = new Set<Socket>()
  let isSwallowing = false
  const server = createServer(near => {
    lines.add(near)
    near.on('error', () => {}).on('close', () => lines.delete(near))
    if (isSwallowing) return void near.on('data', () => {})
    const far = connectTo(port, '127.0.0.1')
    lines.add(far)
    far.on('error', () => near.destroy()).on('close', () => near.destroy())
    near.on('close', () => far.destroy())
    let isDead = false
    const pass = (to: Socket) => (bytes: Buffer) => {
      isDead ||= isSwallowing
      if (!isDead) to.write(bytes)
    }
    near.on('data', pass(far))
    far.on('data', pass(near))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://localhost:${address.port}`,
    swallow: () => {
      isSwallowing = true
    },
    flow: () => {
      isSwallowing = false
    },
    stop() {
      for (const line of lines) line.destroy()
      server.close()
    },
  }
}

/** The fake server as a process of its own, to be killed as processes are. */
export async function startProcess() {
  const file = join(mkdtempSync(join(tmpdir(), 'afar-widget-')), 'state.json')
  const program = new URL('../dev/serve.ts', import.meta.url).pathname
  const start = async (port: string) => {
    const child = spawn(process.execPath, [program, '--port', port, '--file', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    process.once('exit', () => child.kill('SIGKILL'))
    const [said] = await once(child.stdout, 'data')
    return { child, url: /http:\/\/localhost:\d+/.exec(String(said))![0] }
  }
  const first = await start('0')
  let { child } = first
  const { url } = first
  return {
    url,
    ask: async (verb: string, body: object = {}) =>
      (await fetch(`${url}/dev/${verb}`, { method: 'POST', body: JSON.stringify(body) })).json(),
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    async restart() {
      child = (await start(new URL(url).port)).child
    },
  }
}
