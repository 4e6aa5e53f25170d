import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { startFake } from '../dev/fake-server.ts'
import { limit } from '../dev/sizes.ts'
import {
  bubbles,
  complaints,
  expect,
  expectSame,
  launch,
  launcherOf,
  listen,
  open,
  startProcess,
  startProxy,
  until,
  visitShop,
  write,
} from './browser.ts'

const browser = await launch()
const wanted = process.argv[2]
let failures = 0

async function check(name: string, run: () => Promise<unknown>) {
  if (wanted && !name.includes(wanted)) return
  const begun = Date.now()
  complaints.length = 0
  try {
    const figure = await run()
    expectSame(complaints, [], 'the browser complained')
    console.log(`ok      ${name} (${Date.now() - begun} ms)${figure ? `: ${figure}` : ''}`)
  } catch (error) {
    failures++
    console.log(`NOT OK  ${name}: ${(error as Error).message}`)
  }
}

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

await check(
  'by keyboard alone: open, write, break a line, choose an emoji, go round, leave, come back',
  async () => {
    const { page, chat, fake, close } = await visitShop(browser)
    await page.locator('#afar.here').waitFor({ state: 'attached' })
    await page.locator('#languages button').last().focus()
    await page.keyboard.press('Tab')
    await until('the launcher has focus', () =>
      page.evaluate(
        () => document.getElementById('afar')?.shadowRoot?.activeElement?.className === 'launcher',
      ),
    )
    await page.keyboard.press('Enter')
    const focused = () => chat.locator(':focus').first()
    await until(
      'the composer has focus',
      async () => (await focused().getAttribute('aria-label')) === 'Write a message',
    )
    await page.keyboard.type('first')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('second ')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expectSame(await focused().getAttribute('aria-label'), 'Emoji', 'two stops on')
    await page.keyboard.press('Enter')
    await chat.locator('.emoji').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    expectSame(await chat.locator('.emoji').count(), 0, 'the emoji are gone, the chat is not')
    await page.keyboard.press('Enter')
    await until('it is sent', () => fake.state.conversations[0]?.messages[0]?.text === 'first\nsecond 😄')
    const stops = new Set<string>()
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab')
      stops.add(
        (await focused().evaluate(
          element => element.getAttribute('aria-label') ?? element.tagName,
        )) as string,
      )
    }
    expect(
      stops.has('Close chat') && stops.has('Write a message') && stops.has('SELECT'),
      `Tab goes round: ${[...stops]}`,
    )
    await page.keyboard.press('Escape')
    await until('it is closed', async () => !(await page.locator('#afar .panel').isVisible()))
    expect(
      await page.evaluate(
        () => document.getElementById('afar')?.shadowRoot?.activeElement?.className === 'launcher',
      ),
      'focus is back on the launcher',
    )
    await close()
  },
)

await check('an Enter that ends a composition does not send', async () => {
  const { page, chat, fake, close } = await visitShop(browser)
  await open({ page, chat })
  const area = chat.locator('.field textarea')
  await area.focus()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 })
  await area.evaluate(element => {
    const press = (init: KeyboardEventInit) =>
      element.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
      )
    press({ isComposing: true })
    press({ keyCode: 229 })
  })
  await cdp.send('Input.insertText', { text: '你好' })
  expectSame([await area.inputValue(), fake.seen.posts.length], ['你好', 0], 'still in the composer')
  await area.press('Enter')
  await until('now it is sent', () => fake.state.conversations[0]?.messages[0]?.text === '你好')
  await close()
})

await check('right to left: the whole is mirrored, at run time', async () => {
  const { page, chat, close } = await visitShop(browser)
  await open({ page, chat })
  await page.evaluate(() =>
    (window as unknown as { Afar: (...call: unknown[]) => void }).Afar('locale', 'ar'),
  )
  await chat.locator('html[dir=rtl]').waitFor({ state: 'attached' })
  await until(
    'the launcher is on the left',
    async () => ((await launcherOf(page).boundingBox())?.x ?? 999) < 100,
  )
  await until('the texts are Arabic', async () =>
    /[\u0600-\u06ff]/.test((await chat.locator('.said').first().textContent()) ?? ''),
  )
  const [mark, tool] = [
    await chat.locator('.mark').boundingBox(),
    await chat.locator('.language').boundingBox(),
  ]
  expect(mark!.x > tool!.x, 'the mark is right of the tools')
  await chat.locator('select').selectOption('ja')
  await chat.locator('html[lang=ja][dir=ltr]').waitFor({ state: 'attached' })
  await close()
})

await check('on a phone it fills the screen, nothing is wider than it, every target is 44 px', async () => {
  const shop = await visitShop(browser, {
    viewport: { width: 375, height: 812 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
    locale: 'de-DE',
  })
  const { page, chat, fake } = shop
  await open(shop)
  await write(shop, 'Guten Tag')
  await chat.locator('.tick.sent').waitFor()
  await fake.control('agent', {
    text: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller '.repeat(2),
  })
  await until('the answer is there', async () => (await chat.locator('.theirs .bubble').count()) > 1)
  const box = (await page.locator('#afar iframe').boundingBox())!
  expectSame([box.x, box.y, box.width, box.height], [0, 0, 375, 812], 'the frame')
  expect(!(await launcherOf(page).isVisible()), 'the launcher is out of the way')
  const wide = await chat
    .locator('html')
    .evaluate(html =>
      [...html.querySelectorAll<HTMLElement>('body *')]
        .filter(
          element =>
            element.getBoundingClientRect().right > html.clientWidth + 1 && !element.closest('.unseen'),
        )
        .map(element => element.className),
    )
  expectSame(wide, [], 'too wide')
  await chat.locator('[aria-controls=emoji]').click()
  await chat.locator('.emoji').waitFor()
  const small = await chat.locator('button, textarea, select').evaluateAll(all =>
    all
      .map(
        element =>
          [element.getAttribute('aria-label') ?? element.className, element.getBoundingClientRect()] as const,
      )
      .filter(([, { width, height }]) => width > 0 && (width < 43.5 || height < 43.5))
      .map(([name, { width, height }]) => `${name} ${width}×${height}`),
  )
  expectSame(small, [], 'too small')
  await shop.close()
})

await check('pictures and files: picked, pasted, refused when too large, shown, enlarged', async () => {
  const shop = await visitShop(browser)
  const { page, chat, fake } = shop
  await open(shop)
  await until(
    'the limits are known',
    async () => (await chat.locator('input[type=file]').getAttribute('accept')) !== null,
  )
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 200 } })
  const picker = chat.locator('input[type=file]')
  await picker.setInputFiles([
    { name: 'scratch.png', mimeType: 'image/png', buffer: png },
    { name: 'invoice.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 '.repeat(900)) },
    { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(11_000_000) },
    { name: 'script.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') },
  ])
  await until('two are up', async () => (await chat.locator('.upload:not(.failed) small').count()) === 2)
  expectSame(
    await chat.locator('.upload.failed small').allTextContents(),
    ['This file is larger than 10 MB.', 'Files of this kind cannot be sent.'],
    'why two are not',
  )
  await chat.locator('.field textarea').evaluate(
    (element, bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    },
    [...png],
  )
  await until('three are up', async () => (await chat.locator('.upload:not(.failed) small').count()) === 3)
  await write(shop, 'See the scratch')
  await chat.locator('.own .picture img').first().waitFor()
  expectSame(
    fake.state.conversations[0]?.messages[0]?.attachments.map(({ name }) => name),
    ['scratch.png', 'invoice.pdf', 'pasted.png'],
    'stored',
  )
  await until('the picture is drawn', () =>
    chat
      .locator('.own .picture img')
      .first()
      .evaluate(image => (image as HTMLImageElement).naturalWidth === 300),
  )
  await chat.locator('.own .picture').first().click()
  await chat.locator('dialog[open] > img').waitFor()
  await page.keyboard.press('Escape')
  await until(
    'the dialog is gone, the chat is not',
    async () => (await chat.locator('dialog').count()) === 0 && (await chat.locator('.panel').isVisible()),
  )
  const [download] = await Promise.all([page.waitForEvent('download'), chat.locator('.own .file').click()])
  expectSame(download.suggestedFilename(), 'invoice.pdf', 'downloaded')
  await shop.close()
})

await check(
  'when closed: when we open in the visitor’s own time, a message left with name and address',
  async () => {
    const shop = await visitShop(browser, { timezoneId: 'Asia/Tokyo' })
    const { chat, fake } = shop
    const opensAt = new Date(Date.now() + 3 * 86_400_000)
    await fake.control('config', { open: false, agentsOnline: false, opensAt: opensAt.toISOString() })
    await shop.page.reload()
    await open(shop)
    await chat.locator('.leave').waitFor()
    const time = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Asia/Tokyo',
      hour: '2-digit',
      minute: '2-digit',
    }).format(opensAt)
    expect((await chat.locator('.leave p').first().textContent())?.includes(time), `it says ${time}`)
    await chat.locator('.leave .main').click()
    expectSame(
      await chat.locator('.wrong').allTextContents(),
      ['Please tell us your name.', 'Please write your message.'],
      'what is missing',
    )
    await chat.getByLabel('Name').fill('Léa')
    await chat.getByLabel('Email').fill('lea@')
    await chat.getByLabel('Message').fill('Please call me')
    await chat.locator('.leave .main').click()
    expectSame(
      await chat.locator('.wrong').allTextContents(),
      ['Please enter a valid email address.'],
      'what is wrong',
    )
    await chat.getByLabel('Email').fill('lea@example.org')
    await chat.locator('.leave .main').click()
    await chat.locator('.tick.sent').waitFor()
    expectSame(
      [fake.state.visitors[0]?.contact, fake.state.conversations[0]?.mode],
      [{ name: 'Léa', email: 'lea@example.org' }, 'message'],
      'stored',
    )
    await shop.close()
  },
)

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

await check('who is signed in: said before and after the start, changed, logged out', async () => {
  const shop = await visitShop(browser)
  const { page, chat, fake } = shop
  const afar = (...call: unknown[]) =>
    page.evaluate(given => (window as unknown as { Afar: (...call: unknown[]) => void }).Afar(...given), call)
  const expiresAt = Math.floor(Date.now() / 1_000) + 600
  await afar('identify', {
    ...((await fake.control('sign', { userId: 'anna', expiresAt })) as object),
    name: 'Anna',
  })
  await open(shop)
  await write(shop, 'Anna’s order')
  await chat.locator('.tick.sent').waitFor()
  await afar('identify', await fake.control('sign', { userId: 'ben', expiresAt }))
  await until('Anna’s words are gone', async () => !(await bubbles(shop)).includes('Anna’s order'))
  await afar('identify', await fake.control('sign', { userId: 'anna', expiresAt }))
  await until('they are back with her', async () => (await bubbles(shop)).includes('Anna’s order'))
  await afar('identify', null)
  await until('and gone at logout', async () => !(await bubbles(shop)).includes('Anna’s order'))
  await page.reload()
  await open(shop)
  await new Promise(done => setTimeout(done, 800))
  expect(!(await bubbles(shop)).includes('Anna’s order'), 'also after a reload')
  expectSame(
    fake.state.visitors.filter(({ userId }) => userId === null).length,
    0,
    'nameless sessions made on the way',
  )
  await shop.close()
})

await check('from another origin: works there, and listens to nobody but its own page', async () => {
  const home = await visitShop(browser)
  const shopPage = `<!doctype html><html lang="en"><title>Elsewhere</title><body><script src="${home.fake.url}/widget.js" data-store="demo"></script>`
  const elsewhere = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(shopPage),
  ).listen(8_432)
  const page = await home.page.context().newPage()
  listen(page)
  await page.goto('http://127.0.0.1:8432/')
  const shop = { page, chat: page.frameLocator('#afar iframe') }
  await open(shop)
  await write(shop, 'from elsewhere')
  await shop.chat.locator('.tick.sent').waitFor()
  // The page itself pretends to be the chat; then a stranger inside it speaks to the chat.
  await page.evaluate(() => window.postMessage({ afar: 'close' }, '*'))
  const stranger = await page.evaluateHandle(() => {
    const frame = document.createElement('iframe')
    frame.srcdoc = '<p>stranger</p>'
    document.body.append(frame)
    return frame
  })
  await page.waitForTimeout(200)
  const inside = await (await stranger.asElement()!.contentFrame())!
  await inside!.evaluate(() =>
    window.parent.document
      .getElementById('afar')!
      .shadowRoot!.querySelector('iframe')!
      .contentWindow!.postMessage(
        { afar: 'identify', identity: { userId: 'mallory', expiresAt: 1, signature: 'x' } },
        '*',
      ),
  )
  await page.waitForTimeout(300)
  expect(await page.locator('#afar .panel').isVisible(), 'still open')
  expect((await bubbles(shop)).includes('from elsewhere'), 'still the same visitor')
  elsewhere.close()
  await home.close()
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

await check('an unread answer is counted on the closed launcher, and announced when open', async () => {
  const shop = await visitShop(browser)
  const { page, chat, fake } = shop
  await open(shop)
  await write(shop, 'Hello')
  await chat.locator('.tick.sent').waitFor()
  await launcherOf(page).click()
  await page.waitForTimeout(700)
  await fake.control('agent', { text: 'One' })
  await fake.control('agent', { text: 'Two' })
  await until('the badge says 2', async () => (await page.locator('#afar .badge').textContent()) === '2')
  expectSame(
    await launcherOf(page).getAttribute('aria-label'),
    'Open chat, 2 unread messages',
    'for those who hear it',
  )
  await open(shop)
  await until('they are read', () => fake.state.conversations[0]?.customerReadSeq === 3)
  expect(!(await page.locator('#afar .badge').isVisible()), 'no badge')
  await fake.control('agent', { text: 'Three' })
  await until(
    'it is announced',
    async () => (await chat.locator('[role=log]').textContent())?.includes('Mei Lin: Three') ?? false,
  )
  await shop.close()
})

await check('what is loaded before the first message', async () => {
  const shop = await visitShop(browser, { locale: 'ja-JP' })
  await shop.page.context().clearCookies()
  const loaded = new Map<string, Promise<number>>()
  shop.page.on('response', response => {
    const { pathname } = new URL(response.url())
    if (pathname === '/widget.js' || pathname.startsWith('/widget/'))
      loaded.set(
        pathname,
        response.body().then(
          body => gzipSync(body).length,
          () => 0,
        ),
      )
  })
  await shop.page.evaluate(() => localStorage.clear())
  await shop.page.goto('about:blank')
  await shop.page.goto(`${shop.fake.url}/storefront/demo/`)
  await open(shop)
  await shop.chat.locator('.field textarea').fill('about to be sent')
  await shop.page.waitForTimeout(500)
  const sizes = await Promise.all(loaded.values())
  const sum = sizes.reduce((a, b) => a + b, 0)
  expect(![...loaded.keys()].some(name => name.includes('socket-io')), 'the socket is not among them')
  expect(sum > 15_000 && sum <= limit, `${sum} bytes of ${limit}: ${[...loaded.keys()]} ${sizes}`)
  await shop.close()
  return `${sum} bytes gzip in ${sizes.length} files`
})

await check('letters twice as large: everything is there and nothing is cut off', async () => {
  const large = await launch('--blink-settings=defaultFontSize=32')
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 375, height: 812 },
  ]) {
    const shop = await visitShop(large, { viewport, locale: 'de-DE' })
    await open(shop)
    await write(shop, 'Guten Tag, wo ist meine Bestellung?')
    await shop.chat.locator('.tick.sent').waitFor()
    expectSame(
      await shop.chat.locator('html').evaluate(html => getComputedStyle(html).fontSize),
      '32px',
      'the size of letters',
    )
    const cut = await shop.chat
      .locator('h1, .state, .said, .place, .notice .quiet, .send, .tool')
      .evaluateAll(all =>
        all
          .filter(
            element =>
              element.scrollWidth > element.clientWidth + 2 && getComputedStyle(element).display !== 'inline',
          )
          .map(element => element.className),
      )
    expectSame(cut, [], 'cut off')
    const send = (await shop.chat.locator('.send').boundingBox())!
    expect(send.y + send.height <= viewport.height, 'the send button is in sight')
    await shop.close()
  }
  await large.close()
})

await browser.close()
console.log(failures === 0 ? 'All as wanted.' : `${failures} not as wanted.`)
process.exit(failures === 0 ? 0 : 1)
