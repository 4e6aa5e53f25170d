import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const src = path.resolve(import.meta.dirname, '..')

describe('the two languages', () => {
  test('have the same keys', () => {
    expect(keysOf(zh)).toEqual(keysOf(en))
  })

  test('fill in the same names', () => {
    const names = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()
    for (const key of keysOf(en)) expect([key, names(at(zh, key))]).toEqual([key, names(at(en, key))])
  })

  test('leave nothing untranslated', () => {
    const same = keysOf(en).filter(key => at(en, key) === at(zh, key))
    expect(same.filter(key => /[a-z]{3}/i.test(at(en, key).replace(/\{\{\w+\}\}/g, ''))).sort()).toEqual([
      'brand.en',
      'brand.latin',
      'marketplace.of.ebay',
      'marketplace.of.etsy',
      'marketplace.of.lazada',
      'marketplace.of.shopee',
      'marketplace.of.tiktok_shop',
      'timeline.actor.system',
    ])
  })

  test('punctuate Chinese as Chinese', () => {
    const half = keysOf(zh).filter(key => /\p{Script=Han}[,;:?!(]|[,;:?!)]\p{Script=Han}/u.test(at(zh, key)))
    expect(half).toEqual([])
  })
})

test('no words stand in a component: what people read comes from the translations', () => {
  const found = filesIn(src)
    .filter(file => file.endsWith('.tsx') && !file.endsWith('.test.tsx'))
    .flatMap(file => literalsIn(file).map(text => `${path.relative(src, file)}: ${text}`))
  expect(found).toEqual([])
})

const spoken = new Set([
  'title',
  'label',
  'placeholder',
  'alt',
  'aria-label',
  'extra',
  'okText',
  'description',
  'about',
  'text',
])

/** Text between tags, and strings given to attributes that people see or hear. */
function literalsIn(file: string) {
  const source = ts.createSourceFile(
    file,
    fs.readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  )
  const found: string[] = []
  const look = (node: ts.Node) => {
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) found.push(node.text.trim())
    if (
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer)
    )
      if (/\p{L}{2}/u.test(node.initializer.text)) found.push(node.initializer.text)
    if (ts.isStringLiteralLike(node) && /\p{Script=Han}/u.test(node.text)) found.push(node.text)
    ts.forEachChild(node, look)
  }
  look(source)
  return found
}

const filesIn = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesIn(file) : [file]
  })

type Tree = { readonly [key: string]: string | Tree }

function keysOf(tree: Tree, before = ''): string[] {
  return Object.entries(tree)
    .flatMap(([key, value]) =>
      typeof value === 'string' ? [before + key] : keysOf(value, `${before}${key}.`),
    )
    .sort()
}

const at = (tree: Tree, key: string) =>
  key.split('.').reduce<string | Tree>((node, part) => (node as Tree)[part]!, tree) as string
