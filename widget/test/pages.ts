import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { limit } from '../dev/sizes.ts'
import { bubbles, expect, expectSame, listen, open, until, visitShop, write } from './browser.ts'
import { browser, check } from './check.ts'

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

await check('closed, and the shop wants to reach who writes: no message without an address', async () => {
  const shop = await visitShop(browser)
  const { chat, fake } = shop
  await fake.control('config', { open: false, agentsOnline: false, requireContactWhenClosed: true })
  await shop.page.reload()
  await open(shop)
  await chat.getByText('Email (required)').waitFor()
  await chat.getByText('so we need your address').waitFor()
  await chat.getByLabel('Name').fill('Léa')
  await chat.getByLabel('Message').fill('Please write to me')
  await chat.locator('.leave .main').click()
  expectSame(
    await chat.locator('.wrong').allTextContents(),
    ['Please enter a valid email address.'],
    'refused',
  )
  expectSame(fake.state.conversations.length, 0, 'nothing was sent')
  await chat.getByLabel('Email').fill('lea@example.org')
  await chat.locator('.leave .main').click()
  await chat.locator('.tick.sent').waitFor()
  await shop.close()
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
  expect(![...loaded.keys()].some(name => name.includes('/socket-')), 'the socket is not among them')
  expect(sum > 15_000 && sum <= limit, `${sum} bytes of ${limit}: ${[...loaded.keys()]} ${sizes}`)
  await shop.close()
  return `${sum} bytes gzip in ${sizes.length} files`
})
