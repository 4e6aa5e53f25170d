import fs from 'node:fs'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { frameContent } from './frame-content.ts'

/** The sanitiser works only on the document of a real browser, and only there is it worth a test. */
const executablePath = process.env.CHROME_PATH ?? '/usr/bin/chromium'
const inBrowser = describe.skipIf(!fs.existsSync(executablePath))

let browser: Browser
let page: Page

beforeAll(async () => {
  if (!fs.existsSync(executablePath)) return
  const entry = path.join(import.meta.dirname, 'frame-content.ts')
  const lib = { entry, formats: ['iife' as const], name: 'mail' }
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: { lib, write: false },
  })) as unknown
  const [{ output }] = built as [Rollup.RollupOutput]
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage()
  await page.setContent('<iframe sandbox="allow-same-origin" srcdoc="<p>"></iframe>')
  await page.addScriptTag({ content: output[0].code })
}, 60_000)
afterAll(() => browser?.close())

type Shown = Parameters<typeof frameContent>[1]
type Picture = { src: string | null }

/** As the frame holds it then, after the browser has read it once more. */
async function show(html: string, over: Partial<Shown> = {}) {
  const shown = { pictures: [], messageId: 'm1', hasRemotePictures: false, ...over, html }
  return page.evaluate(async given => {
    const frame = document.querySelector('iframe')!.contentWindow as Window & typeof globalThis
    const { frameContent: clean } = (window as unknown as { mail: { frameContent: typeof frameContent } })
      .mail
    frame.document.body.innerHTML = clean(frame, given)
    const { body } = frame.document
    const link = body.querySelector('a')
    return {
      html: body.innerHTML,
      pictures: [...body.querySelectorAll('img')].map((img): Picture => ({ src: img.getAttribute('src') })),
      link: link && { href: link.getAttribute('href'), rel: link.rel, target: link.target },
    }
  }, shown)
}
const sources = ({ pictures }: { pictures: Picture[] }) => pictures.map(({ src }) => src)

inBrowser('what the frame of a mail is given', () => {
  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a handler', '<img data-cid="x" onerror="alert(1)">'],
    ['a script for a link', '<a href="javascript:alert(1)">x</a>'],
    ['one with a tab in it', '<a href="java\tscript:alert(1)">x</a>'],
    ['a form', '<form action="https://evil.example"><input name="password"><button>go</button></form>'],
    ['a style sheet', '<style>body{background:url(https://evil.example)}</style>'],
    ['another frame', '<iframe src="https://evil.example" srcdoc="<script>1</script>"></iframe>'],
    ['a base', '<base href="https://evil.example/">'],
    ['a refresh', '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
    ['a link to a sheet', '<link rel="stylesheet" href="https://evil.example/a.css">'],
    ['a drawing', '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>'],
    [
      'mathematics',
      '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
    ],
    ['an object', '<object data="https://evil.example"></object><embed src="https://evil.example">'],
    ['sound', '<video src="https://evil.example" poster="https://evil.example"></video>'],
    ['a template', '<template><img src=x onerror=alert(1)></template>'],
  ])('never holds %s', async (_, html) => {
    expect((await show(html)).html).not.toMatch(/evil|alert|script|<style|<form|<input|<svg|<math|onerror/i)
  })

  test('keeps the looks a mail gives itself', async () => {
    const html =
      '<p style="color: #b00020" dir="rtl"><b>مرحبا</b></p><table cellpadding="4"><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
    expect((await show(html)).html).toBe(html)
  })

  test('keeps quotes folded as the server folds them', async () => {
    const html =
      '<p>Yes.</p><details class="quote"><summary>…</summary><blockquote>No?</blockquote></details>'
    expect((await show(html)).html).toBe(html)
  })

  test('opens links elsewhere, and tells nobody where from', async () => {
    expect((await show('<a href="https://shop.example/a?b=1&amp;c=2" target="_self">x</a>')).link).toEqual({
      href: 'https://shop.example/a?b=1&c=2',
      rel: 'noopener noreferrer nofollow',
      target: '_blank',
    })
  })
})

inBrowser('pictures of a mail', () => {
  const pictures = [{ contentId: 'cup@1', url: '/api/files/f1' }]

  test('that came with it are shown at once', async () => {
    expect(sources(await show('<img data-cid="cup@1"><img data-cid="other">', { pictures }))).toEqual([
      '/api/files/f1',
      null,
    ])
  })

  test('are no addresses of a stranger’s choosing', async () => {
    const bad = [{ contentId: 'cup@1', url: 'https://evil.example/x.png' }]
    expect(
      sources(await show('<img data-cid="cup@1" src="https://evil.example">', { pictures: bad })),
    ).toEqual([null])
  })

  test('from elsewhere wait until somebody asks', async () => {
    const html =
      '<img data-remote-src="https://a.example/1.png"><img data-remote-src="https://a.example/2.png">'
    expect(sources(await show(html))).toEqual([null, null])
    expect((await show(html)).html).not.toContain('a.example')
    expect(sources(await show(html, { hasRemotePictures: true }))).toEqual([
      '/api/messages/m1/pictures/0',
      '/api/messages/m1/pictures/1',
    ])
  })

  test('keep their places where something before them is taken out', async () => {
    const html =
      '<svg><img data-remote-src="https://a.example/0.png"></svg><object><img data-remote-src="https://a.example/1.png"></object><p><img data-remote-src="https://a.example/2.png"></p>'
    expect(sources(await show(html, { hasRemotePictures: true })).at(-1)).toBe('/api/messages/m1/pictures/2')
  })

  test('nobody can see are not fetched even then', async () => {
    const html = '<img data-remote-src="https://a.example/track" width="1" height="1">'
    expect(sources(await show(html, { hasRemotePictures: true }))).toEqual([null])
  })
})
