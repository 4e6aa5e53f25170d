import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import compress from '@fastify/compress'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

const root = path.resolve(import.meta.dirname, '../..')
const folders = {
  console: path.join(root, 'console/dist'),
  widget: path.join(root, 'widget/dist'),
  storefront: path.join(root, 'widget/storefront'),
}

export type Storefront = { key: string; name: string; locale: string }
export type PageSources = {
  url: string
  findStore: (key: string) => Promise<Storefront | null>
  /** The shops' origins that may show the widget of a store, as CSP source expressions. */
  frameAncestors: (storeKey: string) => Promise<string[]>
}

/** The console, the widget and a sample storefront, each under the strictest policy it can live with. */
export async function servePages(app: FastifyInstance, options: PageSources) {
  await app.register(async pages => {
    await pages.register(compress, { encodings: ['gzip'], threshold: 1_024 })
    await serveWidget(pages, options)
    await serveStorefront(pages, options)
    serveMailFrame(pages)
    await serveConsole(pages)
  })
}

async function serveConsole(app: FastifyInstance) {
  if (!fs.existsSync(folders.console)) return
  const page = fs.readFileSync(path.join(folders.console, 'index.html'), 'utf8')
  await app.register(files, {
    root: folders.console,
    wildcard: false,
    globIgnore: ['**/*.html'],
    index: false,
    decorateReply: false,
    setHeaders: (reply, file) => {
      if (file.includes(`${path.sep}assets${path.sep}`))
        reply.header('cache-control', 'public, max-age=31536000, immutable')
    },
  })
  const show = (reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .header('content-security-policy', consolePolicy(nonce))
      .header('cross-origin-opener-policy', 'same-origin')
      .type('text/html; charset=utf-8')
      .send(page.replace('</title>', `</title>\n    <meta name="csp-nonce" content="${nonce}" />`))
  }
  // Every address of the console is its one page; the API and files answer their own 404.
  app.get('/*', (request, reply) => {
    if (/^\/(api|widget|storefront|assets)\//.test(request.url) || /\.\w+$/.test(request.url.split('?')[0]!))
      return reply.callNotFound()
    return show(reply)
  })
}

const consolePolicy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * The empty page into which the console puts the HTML of a mail, in a frame without scripts: mails bring styles of
 * their own, which the console's policy forbids everywhere else. White, because mails are written for paper.
 */
function serveMailFrame(app: FastifyInstance) {
  app.get('/mail-frame', (_request, reply) =>
    reply
      .headers({
        'content-security-policy': mailFramePolicy,
        'cache-control': 'public, max-age=3600',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .type('text/html; charset=utf-8')
      .send(mailFrame),
  )
}

const mailFramePolicy =
  "default-src 'none'; img-src 'self' data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const mailFrame = `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light only" />
    <title></title>
    <style>
      html { background: #fff; overflow: auto; scrollbar-width: thin }
      body { margin: 0; padding: 14px 16px; color: #1e2329; font: 14px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", sans-serif; overflow-wrap: anywhere; display: flow-root }
      img:not([src]) { min-width: 16px; min-height: 16px; outline: 1px dashed #c4c9ce; color: #667079; font-size: 12px }
      img { max-width: 100% }
      summary { display: inline-block; padding: 0 8px; border-radius: 5px; background: #e9ebed; color: #667079; line-height: 16px; cursor: pointer; list-style: none }
      blockquote { margin: 0 0 0 2px; padding-left: 12px; border-left: 2px solid #d5d9dd }
    </style>
  </head>
  <body></body>
</html>
`

async function serveWidget(app: FastifyInstance, { frameAncestors }: PageSources) {
  if (!fs.existsSync(folders.widget)) return
  const page = fs.readFileSync(path.join(folders.widget, 'index.html'), 'utf8')
  await app.register(files, {
    root: path.join(folders.widget, 'assets'),
    prefix: '/widget/assets/',
    immutable: true,
    maxAge: '365d',
    decorateReply: false,
  })
  app.get('/widget.js', (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=300', 'cross-origin-resource-policy': 'cross-origin' })
      .type('text/javascript; charset=utf-8')
      .send(fs.readFileSync(path.join(folders.widget, 'widget.js'))),
  )
  app.get('/widget/', async (request, reply) => {
    const { store } = request.query as { store?: string }
    const ancestors = typeof store === 'string' ? await frameAncestors(store) : []
    return reply
      .header('content-security-policy', widgetPolicy(ancestors.length > 0 ? ancestors : ["'self'"]))
      .header('cache-control', 'public, max-age=60')
      .type('text/html; charset=utf-8')
      .send(page)
  })
}

const widgetPolicy = (ancestors: string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors.join(' ')}`,
  ].join('; ')

async function serveStorefront(app: FastifyInstance, { findStore, url }: PageSources) {
  if (!fs.existsSync(folders.storefront)) return
  await app.register(files, { root: folders.storefront, serve: false })
  app.get('/storefront/:key/:file', (request, reply) => {
    const { file } = request.params as { file: string }
    return /^[\w-]+\.(svg|css|js)$/.test(file) ? reply.sendFile(file) : reply.callNotFound()
  })
  app.get('/storefront/:key/', async (request, reply) => {
    const store = await findStore((request.params as { key: string }).key)
    if (!store) return reply.callNotFound()
    const template = fs.readFileSync(
      path.join(folders.storefront, `${store.locale.startsWith('zh') ? 'zh' : 'en'}.html`),
      'utf8',
    )
    const page = template
      .replaceAll('{{storeKey}}', () => escapeHtml(store.key))
      .replaceAll('{{storeName}}', () => escapeHtml(store.name))
      .replaceAll('{{locale}}', () => escapeHtml(store.locale))
      .replaceAll('{{afarUrl}}', () => escapeHtml(url))
    return reply
      .header(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; frame-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'self'",
      )
      .type('text/html; charset=utf-8')
      .send(page)
  })
}

const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
