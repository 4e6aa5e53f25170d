import { mkdirSync } from 'node:fs'
import { launch, open, type Shop, visitShop, write } from './browser.ts'

/** Pictures of every face of the widget, to be looked at: `node test/screens.ts [folder] [only]`. */
const [folder = 'screens', only = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })

const words = {
  zh: [
    '您好，我上周买的竹编台灯到货了，但灯罩有一道划痕。',
    '能换一个新的灯罩吗？谢谢 🙏',
    '您好！很抱歉给您带来不便。请发一张划痕的照片，我马上为您安排补发。',
    '补发的灯罩今天就会寄出。',
  ],
  en: [
    'Hello, my weekender arrived with a scratched buckle.',
    'Could you send me a new one? Thank you 🙏',
    'Good morning! I am sorry about that. Could you send a picture? I will arrange a new buckle at once.',
    'It leaves our warehouse today: https://track.example/AF204119',
  ],
  ar: [
    'مرحبًا، وصلتني الحقيبة وفيها خدش في الإبزيم.',
    'هل يمكن إرسال إبزيم جديد؟ رقم الطلب AF-204119 🙏',
    'صباح الخير! نعتذر عن ذلك. هل يمكنكم إرسال صورة؟ سنرسل إبزيمًا جديدًا فورًا.',
    'سيغادر المستودع اليوم: https://track.example/AF204119',
  ],
  de: [
    'Guten Tag, meine Tasche kam mit einer verkratzten Schnalle an.',
    'Können Sie mir eine neue schicken? Vielen Dank 🙏',
    'Guten Morgen! Das tut mir leid. Könnten Sie mir ein Foto schicken? Ich veranlasse sofort den Ersatz.',
    'Sie verlässt heute unser Lager: https://track.example/AF204119',
  ],
} as const
const locales = { zh: 'zh-CN', en: 'en-GB', ar: 'ar', de: 'de-DE' }
const desk = { width: 1366, height: 768 }
const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const browser = await launch()

type Scene = (shop: Shop, words: readonly string[]) => Promise<void>

const scenes: Record<string, Scene> = {
  async hello(shop) {
    await open(shop)
  },
  async queue(shop, [first, second]) {
    await open(shop)
    await write(shop, first!)
    await write(shop, second!)
    await shop.chat.locator('.tick.sent').waitFor()
  },
  async thread(shop, [first, second, third, fourth]) {
    await open(shop)
    await write(shop, first!)
    await write(shop, second!)
    await shop.chat.locator('.tick.sent').waitFor()
    await shop.page.waitForTimeout(500)
    await shop.fake.control('agent', { text: third })
    await shop.chat.locator('.theirs .bubble').nth(1).waitFor()
    const png = await shop.page.screenshot({ clip: { x: 20, y: 100, width: 300, height: 200 } })
    const files = [
      { name: 'scratch.png', mimeType: 'image/png', buffer: png },
      { name: 'invoice-AF204119.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(48_211, 'x') },
    ]
    await shop.chat.locator('input[type=file]').setInputFiles(files)
    await shop.chat.locator('.upload small').nth(1).waitFor()
    await shop.chat.locator('.send').click()
    await shop.chat.locator('.own .picture img').waitFor()
    await shop.fake.control('agent', { text: fourth })
    await shop.chat.locator('.theirs .bubble').nth(2).waitFor()
    await shop.page.waitForTimeout(300)
    await shop.fake.control('typing')
    await shop.chat.locator('.typing').waitFor()
  },
  async leave(shop) {
    await shop.fake.control('config', {
      open: false,
      agentsOnline: false,
      opensAt: new Date(Date.now() + 60 * 3_600_000).toISOString(),
    })
    await shop.page.reload()
    await open(shop)
    await shop.chat.locator('.leave').waitFor()
    await shop.chat.locator('.leave .main').click()
  },
  async failed(shop, [first, second]) {
    await open(shop)
    await write(shop, first!)
    await shop.chat.locator('.tick.sent').waitFor()
    await write(shop, 'FORBIDDEN')
    await shop.chat.locator('.foot.failed').waitFor()
    await shop.fake.kill()
    await write(shop, second!)
    await shop.chat.locator('.line-notice.notice').waitFor()
  },
  async ended(shop, [first]) {
    await open(shop)
    await write(shop, first!)
    await shop.chat.locator('.tick.sent').waitFor()
    await shop.page.waitForTimeout(400)
    await shop.fake.control('conversation', { status: 'resolved' })
    await shop.chat.locator('.ended').waitFor()
  },
  async emoji(shop) {
    await open(shop)
    const png = await shop.page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 100 } })
    await shop.chat.locator('input[type=file]').setInputFiles([
      { name: 'a-picture-with-a-rather-long-name-2026-11-21.png', mimeType: 'image/png', buffer: png },
      { name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('x') },
    ])
    await shop.chat.locator('[aria-controls=emoji]').click()
    await shop.chat.locator('.emoji').waitFor()
  },
}

for (const [name, scene] of Object.entries(scenes))
  for (const language of Object.keys(words) as (keyof typeof words)[])
    for (const colorScheme of ['light', 'dark'] as const)
      for (const device of ['desk', 'phone']) {
        const title = `${name}-${language}-${colorScheme}-${device}`
        if (!title.includes(only)) continue
        const options = device === 'desk' ? { viewport: desk } : phone
        const shop = await visitShop(browser, {
          ...options,
          locale: locales[language],
          colorScheme,
          timezoneId: 'Europe/Berlin',
        })
        await shop.fake.control(
          'config',
          language === 'zh'
            ? { locale: 'zh', store: { key: 'demo', name: '竹里家居', colour: '#4d6b3c' } }
            : {},
        )
        await shop.page.goto(`${shop.fake.url}/storefront/demo/`)
        if (!['zh', 'en'].includes(language))
          await shop.page
            .context()
            .addInitScript(
              lang =>
                document.addEventListener('DOMContentLoaded', () => (document.documentElement.lang = lang)),
              language,
            )
        await shop.page.reload()
        await scene(shop, words[language])
        await shop.page.waitForTimeout(350)
        await shop.page.screenshot({ path: `${folder}/${title}.png` })
        await shop.close().catch(() => {})
      }
await browser.close()
process.exit(0)
