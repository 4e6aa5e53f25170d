import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../test/cpu-time.ts'
import quotes from '../../../test/data/mail/quotes.json' with { type: 'json' }
import { foldHtml, saidInHtml } from './folding-html.ts'

const unwrapped = (html: string) => html.replace(/\s+/gu, '').replaceAll('&nbsp;', '')
const details = '<details class="quote"><summary>…</summary>'

describe('what is said in HTML', () => {
  test.each(quotes.filter(({ kind }) => kind === 'html'))('is told from the rest: $name', ({
    input,
    said,
  }) => {
    expect(unwrapped(saidInHtml(input))).toBe(unwrapped(said))
  })
})

describe('a quote', () => {
  test('is folded where it stands', () => {
    expect(foldHtml('<blockquote type="cite">Blue?</blockquote><p>Yes</p>')).toBe(
      `${details}<blockquote type="cite">Blue?</blockquote></details><p>Yes</p>`,
    )
  })

  test('to the end of the mail is cut out of the elements it begins in', () => {
    const header = '<b>From:</b> A &lt;a@b.example&gt;<br><b>Sent:</b> 2024-01-02 15:04<br><b>To:</b> C'
    expect(foldHtml(`<div class="x"><p>Yes</p>${header}</div><p>end</p>`)).toBe(
      `<div class="x"><p>Yes</p></div>${details}<div class="x">${header}</div><p>end</p></details>`,
    )
  })

  test('is nothing a mail could consist of', () => {
    const whole = '<hr><blockquote type="cite">Blue?</blockquote><br>'
    expect(foldHtml(whole)).toBe(whole)
  })
})

const piece = fc.constantFrom(
  ...[
    '<div>',
    '</div>',
    '<p>',
    '</p>',
    '<blockquote>',
    '<blockquote type="cite">',
    '</blockquote>',
    '<br>',
    '<hr>',
  ],
  ...[
    '<div class="gmail_quote">',
    '<div id="divRplyFwdMsg">',
    '<span>',
    '</span>',
    '<table><tr><td>',
    '</td></tr></table>',
  ],
  ...[
    'From: a@b.example<br>Sent: 2024-01-02 15:04<br>',
    'On 2 Jan 2024 15:04 A &lt;a@b.example&gt; wrote:',
    'hello',
    '<img src="cid:1">',
  ],
)
const htmls = fc.oneof(
  fc.array(piece, { maxLength: 25 }).map(pieces => pieces.join('')),
  fc.string({ unit: fc.constantFrom(...'<>/="\'& adivblockquote:'.split('')), maxLength: 200 }),
)

test('folding adds nothing but folds and takes nothing away', () => {
  const bare = (html: string) => html.replaceAll(details, '').replaceAll('</details>', '')
  fc.assert(
    fc.property(htmls, html => {
      const text = (marked: string) => marked.replace(/<[^>]*>/g, '')
      expect(text(bare(foldHtml(html)))).toBe(text(html))
    }),
    { numRuns: 2_000 },
  )
})

test('a hostile page costs what its length costs', () => {
  const seeds = [
    ...[
      '<div>',
      '<div>a',
      '<blockquote>a',
      '<blockquote type="cite">a</blockquote>',
      '<',
      '<a href="',
      '</div>',
      '<b></i>',
    ],
    ...[
      'wrote:<br>',
      'On 1 Jan 2024 12:00 x@y wrote:<br><blockquote>a</blockquote>',
      'From: a@b<br>',
      '<!--',
      '<style>',
      '<td>',
      '<img>',
    ],
  ]
  for (const seed of seeds) {
    const [half, whole] = [128 * 1024, 256 * 1024].map(size => shortest(seed.repeat(size / seed.length)))
    expect(whole, seed).toBeLessThan(Math.max(4 * half!, 250))
  }
})

const shortest = (html: string) => cpuTime(() => foldHtml(html))
