import { startFake } from '../dev/fake-server.ts'
import {
  bubbles,
  expect,
  expectSame,
  listen,
  open,
  startProcess,
  startProxy,
  until,
  visitShop,
  write,
} from './browser.ts'
import { browser, check } from './check.ts'

await check(
  'a killed server: written, killed, written twice more, restarted: all there, once, in order',
  async () => {
    const server = await startProcess()
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    listen(page)
    await page.goto(`${server.url}/storefront/demo/`)
    const shop = { page, chat: page.frameLocator('#afar iframe') }
    await open(shop)
    await write(shop, 'one')
    await shop.chat.locator('.tick.sent').waitFor()
    await server.kill()
    await write(shop, 'two')
    await write(shop, 'three')
    expectSame(
      await bubbles(shop),
      ['Hello! How can we help you today?', 'one', 'two', 'three'],
      'while away',
    )
    await shop.chat.locator('.line-notice.notice').waitFor()
    await server.restart()
    const back = Date.now()
    await server.ask('agent', { text: 'I am back' })
    await until('the answer is read', async () => (await bubbles(shop)).includes('I am back'))
    await until('nothing is on its way', async () => (await shop.chat.locator('.tick.sending').count()) === 0)
    const converged = Date.now() - back
    const state = await server.ask('state')
    const stored = state.conversations.flatMap((one: { messages: { text: string }[] }) =>
      one.messages.map(({ text }) => text),
    )
    expectSame(
      stored.filter((text: string) => text !== 'I am back'),
      ['one', 'two', 'three'],
      'stored',
    )
    expectSame((await bubbles(shop)).slice(1), stored, 'shown')
    expect(converged < 3_000, `converged within 3 s, not ${converged} ms`)
    await context.close()
    await server.kill()
    return `converged ${converged} ms after the restart`
  },
)

await check('a half-open line (everything swallowed, nothing closed) is noticed and replaced', async () => {
  const fake = await startFake()
  const proxy = await startProxy(Number(new URL(fake.url).port))
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  listen(page)
  await page.goto(`${proxy.url}/storefront/demo/`)
  const shop = { page, chat: page.frameLocator('#afar iframe') }
  await open(shop)
  await write(shop, 'one')
  await shop.chat.locator('.tick.sent').waitFor()
  await page.waitForTimeout(1_000)
  proxy.swallow()
  await write(shop, 'two')
  await fake.control('agent', { text: 'unheard' })
  await page.waitForTimeout(38_000)
  await write(shop, 'three')
  proxy.flow()
  const back = Date.now()
  await until(
    'all is there',
    async () =>
      (await bubbles(shop)).length === 5 && (await shop.chat.locator('.tick.sending').count()) === 0,
    20_000,
  )
  const ms = Date.now() - back
  expectSame(
    fake.state.conversations[0]?.messages.map(({ text }) => text),
    ['one', 'unheard', 'two', 'three'],
    'stored',
  )
  expect(ms < 10_000, `within 10 s, not ${ms}`)
  await context.close()
  proxy.stop()
  await fake.stop()
  return `${ms} ms after the line was back`
})

await check('a reload in the middle of sending loses nothing and doubles nothing', async () => {
  const shop = await visitShop(browser)
  await open(shop)
  shop.fake.faults.refuse = { status: 503, code: 'database_unavailable', times: 1_000, method: 'POST' }
  await write(shop, 'before the reload')
  await shop.chat.locator('.tick.sending').waitFor()
  await shop.page.reload()
  shop.fake.faults.refuse = null
  shop.fake.faults.cut = 1
  await open(shop)
  await shop.chat.locator('.tick.sent').waitFor()
  expectSame(
    shop.fake.state.conversations[0]?.messages.map(({ text }) => text),
    ['before the reload'],
    'stored',
  )
  expectSame(await shop.chat.locator('.own').count(), 1, 'own bubbles')
  await shop.close()
})

await check('a cut of the network (offline) is survived both ways', async () => {
  const shop = await visitShop(browser)
  await open(shop)
  await write(shop, 'one')
  await shop.chat.locator('.tick.sent').waitFor()
  await shop.page.context().setOffline(true)
  await write(shop, 'in the tunnel')
  await shop.fake.control('agent', { text: 'unheard' })
  await new Promise(done => setTimeout(done, 2_500))
  await shop.page.context().setOffline(false)
  const back = Date.now()
  await until(
    'both are there',
    async () =>
      (await bubbles(shop)).length === 4 && (await shop.chat.locator('.tick.sending').count()) === 0,
  )
  const ms = Date.now() - back
  expect(ms < 3_000, `within 3 s, not ${ms}`)
  await shop.close()
  return `${ms} ms`
})

await check('two tabs are one visitor: both show everything, nothing twice', async () => {
  const one = await visitShop(browser)
  const second = await one.page.context().newPage()
  listen(second)
  await second.goto(`${one.fake.url}/storefront/demo/`)
  const two = { page: second, chat: second.frameLocator('#afar iframe') }
  await open(one)
  await open(two)
  await Promise.all([write(one, 'from one'), write(two, 'from two')])
  await until(
    'both show both',
    async () => (await bubbles(one)).length === 3 && (await bubbles(two)).length === 3,
  )
  await write(two, 'again from two')
  await until('the first shows it too', async () => (await bubbles(one)).includes('again from two'))
  expectSame(one.fake.state.visitors.length, 1, 'visitors')
  expectSame(one.fake.state.conversations.length, 1, 'conversations')
  expectSame(one.fake.state.conversations[0]?.messages.length, 3, 'messages')
  expectSame(await bubbles(one), await bubbles(two), 'the two tabs')
  await one.close()
})

await check('without storage it works for as long as the page lives', async () => {
  const shop = await visitShop(browser)
  await shop.page.context().addInitScript(() =>
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('no', 'SecurityError')
      },
    }),
  )
  await shop.page.reload()
  await open(shop)
  await write(shop, 'nothing is kept')
  await shop.chat.locator('.tick.sent').waitFor()
  await shop.close()
})
