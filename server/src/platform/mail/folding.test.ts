import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../test/cpu-time.ts'
import quotes from '../../../test/data/mail/quotes.json' with { type: 'json' }
import { foldText } from './folding.ts'
import { saidIn } from './mail.ts'

const kindsOf = (text: string) => foldText(text).map(({ kind, text }) => `${kind}: ${text.trim()}`)
const quoted = 'On Tue, Jan 2, 2024 at 3:04 PM Acme <help@acme.example> wrote:\n> Has it come?\n> The team'

describe('what is said in a mail', () => {
  const plain = quotes.filter(({ kind }) => kind === 'plain')

  test.each(plain)('is told from the rest: $name', ({ input, said }) => {
    expect(saidIn(foldText(input))).toBe(said)
  })

  test('is the same with the line ends of Windows', () => {
    for (const { name, input, said } of plain) {
      const raw = input.replaceAll('\n', '\r\n')
      expect(saidIn(foldText(raw)).replaceAll('\r\n', '\n'), name).toBe(said)
    }
  })

  test('is told from signature and quote', () => {
    expect(kindsOf(`Not yet.\n\n-- \nJane Doe\n\n${quoted}`)).toEqual([
      'said: Not yet.',
      'signature: -- \nJane Doe'.trim(),
      `quote: ${quoted}`,
    ])
  })

  test('stays said after two dashes when it is more than a signature', () => {
    const text = `Dear all\n--\n${'one more thing\n'.repeat(20)}`
    expect(foldText(text)).toEqual([{ kind: 'said', text }])
  })

  test('stays said after "Sent from my iPhone"', () => {
    expect(kindsOf('Hello\n\nSent from my iPhone\n\nOne more: it is blue.')).toEqual([
      'said: Hello',
      'signature: Sent from my iPhone',
      'said: One more: it is blue.',
    ])
  })

  test('is not a sentence that begins like a signature', () => {
    expect(
      kindsOf('Sent from my iPhone were all the pictures of the damage that you can see attached.'),
    ).toHaveLength(1)
    expect(kindsOf('나의 주문은 어디 있나요?')).toEqual(['said: 나의 주문은 어디 있나요?'])
  })

  test('is nothing of a mail without words', () => {
    expect(foldText('')).toEqual([])
    expect(foldText(' \n\n')).toEqual([{ kind: 'said', text: ' \n\n' }])
  })
})

describe('a forwarded mail', () => {
  const forwarded = `---------- Forwarded message ---------\nFrom: DHL <info@dhl.example>\n${'It is lost. '.repeat(9)}`

  test('is what the writer wants read', () => {
    expect(kindsOf(`FYI\n\n${forwarded}\n> even\n> this`)).toHaveLength(1)
  })

  test('is folded below a long text', () => {
    expect(kindsOf(`${'I have told you before. '.repeat(40)}\n\n${forwarded}`)).toHaveLength(2)
  })

  test('is quoted when it lies in a quote', () => {
    expect(saidIn(foldText(`Yes\n\n-----Original Message-----\nSee below\n\n${forwarded}`))).toBe('Yes')
  })
})

const line = fc.constantFrom(
  ...[
    '',
    ' ',
    '> a',
    '>> b',
    'On Tue, Jan 2, 2024 at 3:04 PM A <a@b.example> wrote:',
    'wrote:',
    '-- ',
    '--',
    '____',
  ],
  ...[
    'From: a@b.example',
    'Sent: 2024-01-02 15:04',
    'To: c',
    'Subject: d',
    '发件人：a',
    'Sent from my iPhone',
    'hello',
  ],
  ...[
    '-----Original Message-----',
    '---------- Forwarded message ---------',
    'yes--- On 1/2/2024 1:00, a@b wrote:',
    '\u200e>',
  ],
)
const lines = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\u2028')), { maxLength: 30 })
  .map(pieces => pieces.flat().join(''))

test('all segments joined are the text, and something is always said', () => {
  fc.assert(
    fc.property(fc.oneof(lines, fc.string({ unit: 'binary', maxLength: 300 })), text => {
      const segments = foldText(text)
      expect(segments.map(segment => segment.text).join('')).toBe(text)
      expect(segments.every((segment, n) => segment.kind !== segments[n + 1]?.kind)).toBe(true)
      if (text.trim() !== '') expect(saidIn(segments)).not.toBe('')
    }),
    { numRuns: 2_000 },
  )
})

test('a hostile text costs what its length costs', () => {
  const seeds = [
    ...[
      'a',
      '\n',
      '>',
      '> \n',
      'wrote:\n',
      'On 1 Jan 2024 12:00 x@y\nwrote:\n',
      'From:\n',
      'From: a\nSent: 1\n',
      '--- On ',
      '-- \n',
    ],
    ...[
      'Sent from my iPhone\n',
      '在 写道：\n',
      'a@b\n> wrote:\n',
      '\u200b',
      '---- x wrote ----y\n',
      'On 2024 wrote ',
      '(http://x) >\n>\n',
    ],
  ]
  for (const seed of seeds) {
    const [half, whole] = [512 * 1024, 1024 * 1024].map(size => shortest(seed.repeat(size / seed.length)))
    expect(whole, seed).toBeLessThan(Math.max(4 * half!, 100))
    // 20 to 60 ms on a quiet machine.
    expect(whole, seed).toBeLessThan(400)
  }
})

const shortest = (text: string) => cpuTime(() => foldText(text))
