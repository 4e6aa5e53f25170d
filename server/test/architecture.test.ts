import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const server = readSources('server/src').filter(file => !isTest(file.path))
const consoleFiles = readSources('console/src').filter(file => !isTest(file.path))
const order = readOrder()

describe('the architecture', () => {
  test('names every module folder once, in order', () => {
    const folders = new Set(server.flatMap(file => moduleOf(file.path) ?? []))
    expect([...order].sort()).toEqual([...folders].sort())
  })

  test('lets a module import only from those above it, and only their open files', () => {
    const isAllowed = (from: string, to: string) => {
      const [importer, imported] = [moduleOf(from), moduleOf(to)]
      if (!importer || !imported || importer === imported) return true
      return order.indexOf(imported) < order.indexOf(importer) && !/\/(routes|jobs|module)\.ts$/.test(to)
    }
    expect(importsOf(server).filter(([from, to]) => !isAllowed(from, to))).toEqual([])
  })

  test('keeps the platform free of modules', () => {
    const platformToModule = importsOf(server).filter(([from, to]) => isPlatform(from) && moduleOf(to))
    expect(platformToModule).toEqual([])
  })

  test('reads the environment in config.ts alone', () => {
    expect(filesWith(/\bprocess\.env\b/)).toEqual(['server/src/config.ts'])
  })

  test('speaks to the outside through outbound.ts alone', () => {
    const calls = /(?<![.\w])fetch\(|\b(net|tls)\.(connect|createConnection)\(|new net\.Socket/
    const libraries = /^import (?!type\b).*from '(node:)?(https?|http2|tls|dgram|undici|axios)'/m
    const speakers = [...filesWith(calls), ...filesWith(libraries)]
    expect(speakers.filter(file => !/platform\/outbound[\w-]*\.ts$/.test(file))).toEqual([])
  })

  test('speaks with mail servers in channels/mail alone, on connections that outbound.ts opened or pinned', () => {
    const libraries =
      /^import (?!type\b).*from '(imapflow|smtp-server|nodemailer(\/lib\/[\w-]*(transport|connection|pool|fetch)[\w-]*)?)'/m
    const speakers = filesWith(libraries)
    expect(speakers.filter(file => !file.startsWith('server/src/modules/channels/mail/'))).toEqual([])
    // Each library that connects does so in one file, and that file gets its connection from the outbound client.
    const openers = filesWith(/new (ImapFlow|SMTPConnection)\(|createTransport\(/)
    expect(openers).toEqual([
      'server/src/modules/channels/mail/imap-session.ts',
      'server/src/modules/channels/mail/smtp-session.ts',
    ])
    expect(filesWith(/outbound\.(pin|connect)\(/)).toEqual(expect.arrayContaining(openers))
  })

  test("keeps a console feature's pages and routes to itself", () => {
    const isPrivate = (file: string) => /(\/routes\.tsx?|-page\.tsx)$/.test(file)
    const intrusions = importsOf(consoleFiles).filter(([from, to]) => {
      const [importer, imported] = [featureOf(from), featureOf(to)]
      return importer && imported && importer !== imported && isPrivate(to)
    })
    expect(intrusions).toEqual([])
  })

  test("keeps the console's api and ui free of features", () => {
    const isBelow = (file: string) => /^console\/src\/(api|ui|i18n)\//.test(file)
    expect(importsOf(consoleFiles).filter(([from, to]) => isBelow(from) && featureOf(to))).toEqual([])
  })
})

type Source = { path: string; text: string }

function readSources(folder: string): Source[] {
  const files = fs.globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })
  return files.map(file => ({ path: file, text: fs.readFileSync(path.join(root, file), 'utf8') }))
}

function readOrder() {
  const index = fs.readFileSync(path.join(root, 'server/src/modules/index.ts'), 'utf8')
  const folders = new Map(
    [...index.matchAll(/import \{ (\w+) \} from '\.\/([^/]+)\/module\.ts'/g)].map(([, name, folder]) => [
      name,
      folder,
    ]),
  )
  const list = /\bmodules\b[^=]*=\s*\[([^\]]*)\]/.exec(index)?.[1] ?? ''
  return [...list.matchAll(/\w+/g)].map(([name]) => folders.get(name) ?? name)
}

function importsOf(files: Source[]) {
  const relative = /(?:from|import|import\() ?'(\.[^']+)'/g
  return files.flatMap(file =>
    [...file.text.matchAll(relative)].map(
      match => [file.path, path.join(path.dirname(file.path), match[1] as string)] as const,
    ),
  )
}

function filesWith(pattern: RegExp) {
  return server.filter(file => pattern.test(file.text)).map(file => file.path)
}

function isTest(file: string) {
  return /\.test\.tsx?$/.test(file)
}

function isPlatform(file: string) {
  return file.startsWith('server/src/platform/')
}

function moduleOf(file: string) {
  return /^server\/src\/modules\/([^/]+)\//.exec(file)?.[1]
}

function featureOf(file: string) {
  return /^console\/src\/features\/([^/]+)\//.exec(file)?.[1]
}
