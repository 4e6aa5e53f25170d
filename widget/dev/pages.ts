import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Config } from '../src/api/shapes.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The policies under which the real server serves these pages (reliability.md R39). */
export const widgetPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *; require-trusted-types-for 'script'"
export const storefrontPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"

const root = new URL('../', import.meta.url)

/** The built widget and the storefront, as the server serves them. */
export async function servePages(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  config: Config,
) {
  const [, first, key, ...rest] = pathname.split('/')
  const isShop = first === 'storefront' && key !== undefined
  const name = rest.join('/')
  const shopPage = ['zh', 'en'].includes(config.locale) ? `${config.locale}.html` : 'en.html'
  const file = isShop
    ? new URL(`storefront/${name || shopPage}`, root)
    : new URL(
        `dist/${pathname === '/widget.js' ? 'widget.js' : [key, ...rest].join('/') || 'index.html'}`,
        root,
      )
  if (!isShop && first !== 'widget' && pathname !== '/widget.js') return response.writeHead(404).end()
  try {
    let body: Buffer | string = await readFile(file)
    if (isShop && !name) body = fill(body.toString(), config, `http://${request.headers.host}`)
    const headers: Record<string, string> = {
      'content-type': types[extname(file.pathname)] ?? 'application/octet-stream',
      'content-encoding': 'gzip',
      'x-content-type-options': 'nosniff',
      'cache-control': pathname.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    if (isShop) headers['content-security-policy'] = storefrontPolicy
    else if (first === 'widget') headers['content-security-policy'] = widgetPolicy
    response.writeHead(200, headers).end(gzipSync(body))
  } catch {
    response.writeHead(404).end()
  }
}

/** The template of the storefront: four names in double braces. */
export function fill(html: string, { store, locale }: Pick<Config, 'store' | 'locale'>, afarUrl: string) {
  const values: Record<string, string> = { storeKey: store.key, storeName: store.name, locale, afarUrl }
  const escaped = (text: string) => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
  return html.replace(/\{\{(\w+)\}\}/g, (slot, name: string) =>
    values[name] === undefined ? slot : escaped(values[name]),
  )
}
