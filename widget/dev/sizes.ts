import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

export const launcherLimit = 4_000
export const limit = 30_000

type Size = { name: string; bytes: number; isFirst: boolean }

/**
 * What a visitor loads before his first message: the launcher, the page, its style and script, the longest of
 * the languages. The socket and the view of files come with the first message, the
 * emoji when they are asked for.
 */
export function measure(dist = new URL('../dist/', import.meta.url)): {
  launcher: number
  first: number
  sizes: Size[]
} {
  const zipped = (name: string) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length
  const assets = readdirSync(new URL('assets/', dist)).filter(name => /\.(js|css)$/.test(name))
  const isLanguage = (name: string) => /^(zh|en|ja|de|fr|es|pt|ar)-/.test(name)
  const languages = assets.filter(isLanguage).sort((a, b) => zipped(`assets/${b}`) - zipped(`assets/${a}`))
  const at = (name: string, isFirst: boolean) => ({ name, bytes: zipped(name), isFirst })
  const sizes = [
    at('widget.js', true),
    at('index.html', true),
    ...assets
      .filter(name => !isLanguage(name))
      .map(name => at(`assets/${name}`, !/^(socket|emoji-picker|attachments)-/.test(name))),
    ...languages.map((name, i) => at(`assets/${name}`, i === 0)),
  ]
  const first = sizes.filter(size => size.isFirst).reduce((sum, { bytes }) => sum + bytes, 0)
  return { launcher: sizes[0]!.bytes, first, sizes }
}

if (process.argv[1] === import.meta.filename) {
  const { launcher, first, sizes } = measure()
  const kb = (bytes: number) => `${(bytes / 1_000).toFixed(2).padStart(7)} kB`
  for (const { name, bytes, isFirst } of sizes)
    console.log(`${kb(bytes)} gzip  ${isFirst ? '*' : ' '} ${name}`)
  console.log(`${kb(first)} gzip before the first message (*), limit ${limit / 1_000} kB`)
  if (launcher > launcherLimit || first > limit) {
    console.error(
      `The widget is too large: launcher ${launcher} of ${launcherLimit}, together ${first} of ${limit} bytes.`,
    )
    // A build is for people who want the widget; the test is for those who change it.
    if (!process.argv.includes('--tell')) process.exitCode = 1
  }
}
