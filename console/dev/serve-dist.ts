import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { answer, listen } from './fake-api.ts'

/** The built console under the server's strict policy, with the fake API behind it: what a build is looked at with. */
const dist = path.resolve(import.meta.dirname, '../dist')
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const port = Number(process.env.PORT ?? 5198)

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://dist')
  if (pathname.startsWith('/api/socket')) return
  if (pathname.startsWith('/api/')) return void answer(request, response)
  const file = path.join(dist, pathname)
  if (pathname !== '/' && file.startsWith(dist) && fs.existsSync(file) && fs.statSync(file).isFile()) {
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream')
    return void fs.createReadStream(file).pipe(response)
  }
  const nonce = 'cGxlYXNlLW9ubHktdGhpcw=='
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; img-src 'self' blob: data:; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'`,
  )
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(fs.readFileSync(path.join(dist, 'index.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce))
})
listen(server)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`))
