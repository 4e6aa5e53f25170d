import { createHmac, randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBrowser, openChat, signIn } from './browser.ts'
import { canaries } from './canaries.ts'
import { expectQuiet, openTrap, type Trap, watched } from './canary-watch.ts'
import { type Call, client, type House, setUpHouse, startHouse } from './house.ts'

let trap: Trap
let browser: Awaited<ReturnType<typeof openBrowser>>
let house: House
let call: Call
let store: { id: string; key: string }
let admin: { email: string; password: string }
let planted: Planted
let vectors: string[]

beforeAll(async () => {
  trap = await openTrap()
  vectors = canaries(trap.port)
  house = await startHouse({ args: ['--empty'] })
  ;({ call, store, admin } = await setUpHouse(house.url))
  planted = await plant()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
  trap.close()
})

type Planted = { threadId: string; people: { conversationId: string; customerId: string }[] }

/** Every place that shows what a customer wrote, or a colleague on his behalf, is given every canary. */
async function plant(): Promise<Planted> {
  const { id } = await call<{ id: string }>('POST', '/channels', {
    ...{ kind: 'api', storeId: store.id, name: vectors[0]!.slice(0, 100), settings: {} },
  })
  await call('POST', '/channels', { kind: 'web_chat', storeId: store.id, name: 'Chat', settings: {} })
  const { secret } = await call<{ secret: string }>('PUT', `/channels/${id}/secret`, {})
  const groups = together(190)
  for (const [n, name] of groups.entries())
    await handIn(id, secret, { id: `n${n}`, from: { id: `p${n}`, name }, text: name })
  for (const [n, text] of vectors.entries())
    await handIn(id, secret, { id: `t${n}`, from: { id: 'thread', name: 'Thread' }, text })

  const people: Planted['people'] = []
  let threadId = ''
  await vi.waitUntil(async () => (await conversations()).length === groups.length + 1, { timeout: 30_000 })
  for (const { id: conversationId, customer } of await conversations()) {
    if (customer.name === 'Thread') threadId = conversationId
    else people.push({ conversationId, customerId: customer.id })
  }
  for (const text of vectors) {
    await call('POST', `/conversations/${threadId}/notes`, { clientId: randomUUID(), text })
    await call('POST', `/conversations/${threadId}/replies`, {
      clientId: randomUUID(),
      text,
      lastSeenSeq: 10_000,
    })
  }
  for (const name of vectors) {
    const { id: fileId } = await uploadNamed(name)
    const note = { clientId: randomUUID(), text: 'A file', attachmentIds: [fileId] }
    await call('POST', `/conversations/${threadId}/notes`, note)
  }
  const tags = vectors.filter(text => text.trim().length <= 50)
  await call('PUT', `/conversations/${threadId}/tags`, { tags: tags.slice(0, 30) })
  await call('PUT', `/customers/${people[0]!.customerId}/tags`, { tags: tags.slice(0, 50) })
  await call('PUT', `/customers/${people[0]!.customerId}/facts/hobby`, {
    value: vectors.slice(0, 20).join(' '),
  })
  await call('POST', `/customers/${people[0]!.customerId}/identities`, {
    kind: 'external',
    value: vectors[12]!,
  })
  // What looks like a variable is refused in a text; a title is only shown.
  for (const [n, text] of vectors.entries())
    await call('POST', '/quick-replies', {
      shortcut: `c${n}`,
      title: text.slice(0, 120),
      text: text.includes('{{') ? 'Hello' : text,
    })
  await call('POST', '/status-labels', { category: 'open', name: `"><img src=x onerror=window.__xss=1>` })
  await call('POST', '/teams', { name: `<img src=x onerror=window.__xss=1>` })
  return { threadId, people }
}

const conversations = async () => {
  const page = await call<{ items: { id: string; customer: { id: string; name: string } }[] }>(
    'GET',
    '/conversations?limit=100',
  )
  return page.items
}

/** Groups no longer than a name may be. */
function together(longest: number) {
  const groups = ['']
  for (const text of vectors) {
    if (`${groups.at(-1)} ${text}`.length > longest) groups.push('')
    groups.push(`${groups.pop()} ${text}`.trim())
  }
  return groups
}

async function handIn(channelId: string, secret: string, message: object) {
  const body = JSON.stringify(message)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'afar-timestamp': timestamp,
    'afar-signature': `v1=${signature}`,
  }
  const answer = await fetch(`${house.url}/api/channels/${channelId}/inbound`, {
    method: 'POST',
    headers,
    body,
  })
  expect(answer.status).toBe(202)
}

async function uploadNamed(name: string) {
  const { cookie } = await signedIn()
  const form = new FormData()
  form.set('file', new Blob(['<script>window.__xss=1</script>'], { type: 'text/html' }), name)
  const answer = await fetch(`${house.url}/api/files`, {
    method: 'POST',
    body: form,
    headers: { cookie, origin: house.url },
  })
  return (await answer.json()) as { id: string }
}

let cookie = ''
async function signedIn() {
  if (cookie) return { cookie }
  const answer = await fetch(`${house.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: admin.email, password: admin.password }),
  })
  cookie = answer.headers
    .getSetCookie()
    .map(line => line.split(';')[0])
    .join('; ')
  return { cookie }
}

describe('what a customer writes stays text', () => {
  test('there are sixty of them and more', () => expect(new Set(vectors).size).toBeGreaterThanOrEqual(60))

  test('the watch sees a canary that runs', async () => {
    const { page, signs, close } = await watched(browser, trap)
    await page.goto(`${house.url}/live`)
    await page.evaluate(() => {
      ;(window as unknown as Record<string, unknown>).__xss = 1
    })
    await expect.poll(() => signs).toHaveLength(1)
    await close()
  })

  test('in the console: inbox, thread, notes, files, context panel, customers, settings', async () => {
    const person = await watched(browser, trap)
    const { page } = person
    await signIn(page, house.url, admin.email, admin.password)
    await page.goto(`${house.url}/inbox?view=all`)
    await page.getByText('onerror=window.__xss=1').first().waitFor({ timeout: 20_000 })
    await expectQuiet(person, trap, 'inbox')

    await page.goto(`${house.url}/inbox/${planted.threadId}`)
    const log = page.getByRole('log')
    await log.getByText('dangerouslySetInnerHTML').first().waitFor({ timeout: 20_000 })
    for (let up = 0; up < 12; up++) {
      await log.hover()
      await page.mouse.wheel(0, -5_000)
      await page.waitForTimeout(150)
    }
    await expectQuiet(person, trap, 'thread, notes and file names')

    // Rows and lists have shown every name; of the pages about one person, some are enough.
    for (const { conversationId, customerId } of planted.people.filter((_, n) => n % 5 === 0)) {
      await page.goto(`${house.url}/inbox/${conversationId}`)
      await page
        .getByRole('log')
        .getByText(/__xss|127\.0\.0\.1/)
        .first()
        .waitFor({ timeout: 20_000 })
      await expectQuiet(person, trap, `conversation ${conversationId}`)
      await page.goto(`${house.url}/customers/${customerId}`)
      await page
        .getByText(/__xss|127\.0\.0\.1/)
        .first()
        .waitFor({ timeout: 20_000 })
      await expectQuiet(person, trap, `customer ${customerId}`)
    }
    for (const place of ['/customers', '/customers?search=onerror', ...settings]) {
      await page.goto(`${house.url}${place}`)
      await page
        .getByText(/__xss|127\.0\.0\.1|Shop/)
        .first()
        .waitFor({ timeout: 20_000 })
      await expectQuiet(person, trap, place)
    }
    await person.close()
  }, 240_000)

  test('in the widget, both what the visitor and what the shop wrote', async () => {
    const person = await watched(browser, trap)
    // With nobody at work the widget asks for a message instead of chatting.
    await call('PUT', '/session/availability', { state: 'online' })
    const chat = await openChat(person.page, house.url, store.key)
    await chat.locator('textarea').first().fill(vectors[12]!)
    await chat.locator('textarea').first().press('Enter')
    await chat.locator('.bubble').filter({ hasText: 'onerror' }).first().waitFor()
    await expect.poll(() => tokenOf(person.page), { timeout: 15_000 }).toMatch(/^afv_/)
    const visitor = client(house.url, { authorization: `Bearer ${await tokenOf(person.page)}` })
    let conversationId = ''
    await expect
      .poll(
        async () =>
          (conversationId = (await visitor<{ id: string } | null>('GET', '/widget/conversation'))?.id ?? ''),
        { timeout: 15_000 },
      )
      .not.toBe('')
    for (const text of vectors)
      await call('POST', `/conversations/${conversationId}/replies`, {
        clientId: randomUUID(),
        text,
        lastSeenSeq: 10_000,
      })
    for (const text of vectors.slice(0, 25))
      await visitor('POST', '/widget/messages', { clientId: randomUUID(), text })
    await chat
      .locator('.bubble')
      .filter({ hasText: 'dangerouslySetInnerHTML' })
      .first()
      .waitFor({ timeout: 20_000 })
    await expectQuiet(person, trap, 'widget')
    await person.page.reload()
    const launcher = person.page.getByRole('button', { name: /chat/i }).first()
    await chat
      .locator('.bubble')
      .first()
      .waitFor({ timeout: 5_000 })
      .catch(() => launcher.click())
    await chat
      .locator('.bubble')
      .filter({ hasText: 'dangerouslySetInnerHTML' })
      .first()
      .waitFor({ timeout: 20_000 })
    await expectQuiet(person, trap, 'widget again')
    await person.close()
  })

  test('in a storefront’s name, and in addresses that reflect', async () => {
    const person = await watched(browser, trap)
    const names = vectors.filter(text => text.length <= 120)
    for (const name of names.filter((_, n) => n % 8 === 0)) {
      await call('PATCH', `/stores/${store.id}`, { name, brand: '' })
      await person.page.goto(`${house.url}/storefront/${store.key}/`)
      expect(await person.page.locator('body').innerText()).toContain(
        name.trim().replaceAll(/\s+/g, ' ').slice(0, 12),
      )
      await expectQuiet(person, trap, `storefront called ${name}`)
    }
    for (const text of vectors.filter((_, n) => n % 12 === 0)) {
      const written = encodeURIComponent(text)
      for (const path of [
        `/widget/?store=${written}`,
        `/storefront/${written}/`,
        `/api/widget/config?store=${written}`,
        `/${written}`,
        `/inbox/${written}`,
      ]) {
        await person.page.goto(`${house.url}${path}`).catch(() => {})
        await expectQuiet(person, trap, path)
      }
    }
    await person.close()
  })

  test('in a file that says it is a page', async () => {
    const person = await watched(browser, trap)
    const { cookie: kept } = await signedIn()
    const { id } = await uploadNamed('page.html')
    await call('POST', `/conversations/${planted.threadId}/notes`, {
      clientId: randomUUID(),
      text: 'x',
      attachmentIds: [id],
    })
    const [name, value] = kept
      .split('; ')
      .find(pair => pair.startsWith('afar.session'))!
      .split('=')
    await person.page.context().addCookies([{ name: name!, value: value!, url: house.url }])
    await person.page.goto(`${house.url}/api/files/${id}`).catch(() => {})
    await expectQuiet(person, trap, 'file')
    await person.close()
  })
})

const settings = [
  '/settings/quick-replies',
  '/settings/status-labels',
  '/settings/channels',
  '/settings/inbound',
  '/settings/teams',
  '/settings/stores',
]

/** The widget keeps its token in its own frame. */
async function tokenOf(page: Page) {
  for (const frame of page.frames()) {
    const found = await frame
      .evaluate(() => /afv_[\w-]+/.exec(JSON.stringify({ ...localStorage }))?.[0] ?? '')
      .catch(() => '')
    if (found) return found
  }
  return ''
}
