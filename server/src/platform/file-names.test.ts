import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanFileName } from './file-names.ts'

describe('a file name', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['发票 2026.pdf', '发票 2026.pdf'],
    ['résumé.pdf'.normalize('NFD'), 'résumé.pdf'],
    ['فاتورة.pdf', 'فاتورة.pdf'],
    ['  two   words .txt', 'two words.txt'],
    ['line\nbreak\ttab.txt', 'line break tab.txt'],
  ])('%j is kept as %j', (given, kept) => {
    expect(cleanFileName(given)).toBe(kept)
  })

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system32\\cmd.exe', 'cmd.exe'],
    ['/etc/', 'etc'],
    ['a/..', 'a'],
    ['.htaccess', 'htaccess'],
    ['...', 'file'],
    ['. . .', 'file'],
    ['', 'file'],
    ['///', 'file'],
    ['a.txt. ', 'a.txt'],
    ['what?<is>:"this"|*.txt', 'what__is___this___.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.pdf', '_com1.pdf'],
    ['console.log', 'console.log'],
  ])('%j has no path and no special meaning: %j', (given, clean) => {
    expect(cleanFileName(given)).toBe(clean)
  })

  test.each([
    ['\u200b.htaccess', 'htaccess'],
    ['.\u200b./.\u200b./x', 'x'],
    ['..\u202e/x', 'x'],
    ['\u2066c\u2069on', '_con'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u0000b\u0085c\u200dd\ufeffe\u00adf\u{e0041}g.txt', 'abcdefg.txt'],
    ['\u3164\u115f\u2800', 'file'],
    ['\ud800x\udc00', 'x'],
    ['e\u200d\u0301.txt', 'é.txt'],
    ['a\u2028b', 'ab'],
  ])('%j is judged after what is invisible is gone: %j', (given, clean) => {
    expect(cleanFileName(given)).toBe(clean)
  })

  test('is cut by characters a reader counts, and keeps its ending', () => {
    const family = '👩🏽'
    const cut = cleanFileName(`${'ä'.repeat(500)}.jpeg`)
    expect(cut).toMatch(/^ä+\.jpeg$/)
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200)
    expect(cleanFileName(`${'a'.repeat(500)}.jpeg`)).toHaveLength(100)
    expect(cleanFileName(`${family.repeat(60)}.jpeg`)).toBe(`${family.repeat(24)}.jpeg`)
    expect(cleanFileName(`a${'\u0301'.repeat(5_000)}`)).toBe('file')
  })

  test('whatever it was, comes out safe, and stays as it is when cleaned again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    const nasty = fc.array(
      fc.constantFrom('.', '/', '\\', ' ', '\u200b', '\u202e', 'con', 'a', '\u0301', '\ud800', ':'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          nasty.map(parts => parts.join('')),
        ),
        given => {
          const name = cleanFileName(given)
          expect(name).not.toMatch(/^[. ]|[. ]$|[\\/<>:"|?*]|[\p{C}\p{Zl}\p{Zp}]|^$/u)
          expect(name).not.toMatch(/^(con|nul)(\.|$)/i)
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(201)
          expect(cleanFileName(name)).toBe(name)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
