import fs from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, 'data/mail')

/** Real mails, whole and broken: CPython's and Ruby's test mails, and bounces of some hundred mail servers. */
export const corpus = fs
  .globSync('{cpython,rubymail,bounces}/**/*', { cwd: folder, withFileTypes: true })
  .filter(file => file.isFile() && !/LICENSE|\.json$/.test(file.name))
  .map(file => path.join(file.parentPath, file.name))
  .sort()
  .map(file => ({ name: path.relative(folder, file), file, raw: fs.readFileSync(file) }))

/** A mail as it goes over the wire; lines that are not given as bytes are UTF-8. */
export function mail(headers: Record<string, string>, ...body: (string | Buffer)[]) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const pieces = body.flatMap(piece => [Buffer.from('\r\n'), Buffer.from(piece as string)])
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), ...pieces])
}

export const multipart = (
  kind: string,
  parts: (string | Buffer)[],
  headers: Record<string, string> = {},
  boundary = `b-${kind}`,
) =>
  mail(
    { ...headers, 'Content-Type': `multipart/${kind}; boundary="${boundary}"` },
    ...parts.flatMap(part => [`--${boundary}`, part]),
    `--${boundary}--\r\n`,
  )
