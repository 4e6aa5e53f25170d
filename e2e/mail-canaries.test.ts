import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openBrowser, signIn } from './browser.ts'
import { canaries } from './canaries.ts'
import { expectQuiet, openTrap, type Trap, watched } from './canary-watch.ts'
import { freePort, type House, setUpHouse, startHouse } from './house.ts'

const perMail = 6
const address = 'help@shop.example'
let trap: Trap
let browser: Awaited<ReturnType<typeof openBrowser>>
let house: House
let admin: { email: string; password: string }
let conversationIds: string[]

beforeAll(async () => {
  trap = await openTrap()
  const port = await freePort()
  house = await startHouse({ args: ['--empty'], env: { AFAR_SMTP_PORT: String(port) } })
  const { call, store, admin: first } = await setUpHouse(house.url)
  admin = first
  await call('POST', '/channels', { kind: 'mail', storeId: store.id, name: 'Help', settings: { address } })
  const vectors = canaries(trap.port)
  const groups = vectors.flatMap((_, n) => (n % perMail === 0 ? [vectors.slice(n, n + perMail)] : []))
  for (const [n, group] of groups.entries()) await hand(port, mailOf(n, group))
  const open = async () =>
    (await call<{ items: { id: string }[] }>('GET', '/conversations?limit=100')).items.map(({ id }) => id)
  await vi.waitUntil(async () => (await open()).length === groups.length, { timeout: 30_000 })
  conversationIds = await open()
  browser = await openBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await house?.stop()
  trap?.close()
})

test('what a mail says in its HTML, its headers and its file names stays text, and asks nobody for anything', async () => {
  const person = await watched(browser, trap)
  const { page } = person
  await signIn(page, house.url, admin.email, admin.password)
  let shown = 0
  for (const id of conversationIds) {
    await page.goto(`${house.url}/inbox/${id}`)
    const asSent = page.getByRole('log').getByText('As it was sent').first()
    await page.getByRole('log').getByText('canary mail').first().waitFor({ timeout: 20_000 })
    await expectQuiet(person, trap, `text of ${id}`)
    if (!(await asSent.isVisible())) continue
    await asSent.click()
    const frame = page.frameLocator('iframe')
    await frame.getByText('canary mail').first().waitFor({ timeout: 20_000 })
    await expectQuiet(person, trap, `HTML of ${id}`)
    shown += 1
  }
  expect(shown).toBeGreaterThan(5)
  await person.close()
}, 240_000)

/** Each canary alone in the body, and one of them each as subject, as name and as file name. */
function mailOf(n: number, group: readonly string[]) {
  const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
  const html = `<p>canary mail ${n}</p>${group.map(text => `<div>${text}</div>`).join('\n')}<p>end</p>`
  return [
    `From: ${encoded(group[0]!)} <p${n}@far.test>`,
    `To: ${address}`,
    `Subject: ${encoded(group[1] ?? group[0]!)}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(html).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--b',
    'Content-Type: text/html',
    `Content-Disposition: attachment; filename="${encoded(group[2] ?? group[0]!)}"`,
    '',
    '<script>window.__xss=1</script>',
    '--b--',
    '',
  ].join('\r\n')
}

const hand = (port: number, raw: string) =>
  new Promise<void>((done, fail) => {
    const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true, logger: false })
    connection.once('error', fail)
    connection.connect(() =>
      connection.send({ from: 'p@far.test', to: [address] }, raw, error => {
        if (error) fail(error)
        else done()
        connection.close()
      }),
    )
  })
