import { expect, expectSame, launch, launcherOf, open, until, visitShop, write } from './browser.ts'
import { browser, check } from './check.ts'

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
