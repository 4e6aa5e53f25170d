import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../test/cpu-time.ts'
import { charsetNamed, decodeBytes } from './charsets.ts'
import { decodeWords } from './header-words.ts'
import { readParameters } from './parameters.ts'

const chinese = '您好，我的订单还没有收到，请帮我查一下物流。谢谢！'
const taiwanese = '您好，我的訂單還沒有收到，請幫我查詢物流狀況。謝謝您！'
const japanese = 'お世話になっております。注文した商品がまだ届きません。'
const korean = '안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 확인해 주세요.'
const russian = 'Здравствуйте, мой заказ ещё не пришёл. Проверьте, пожалуйста.'
const thai = 'สวัสดีค่ะ ยังไม่ได้รับสินค้าที่สั่งไป'
const french = 'Où est ma commande ? Elle a été expédiée le 3 août.'

const encode = (text: string, charset: string) => iconv.encode(text, charset)

describe('a text whose label is true', () => {
  test.each([
    ['gb2312', chinese, 'gb2312'],
    ['GBK', chinese, 'gbk'],
    ['gb18030', chinese, 'gb18030'],
    ['x-gbk', chinese, 'gbk'],
    ['cp936', chinese, 'gbk'],
    ['"gb2312"', chinese, 'gb2312'],
    ['Big5', taiwanese, 'big5'],
    ['big5-hkscs', taiwanese, 'big5'],
    ['cp950', taiwanese, 'big5'],
    ['Shift_JIS', japanese, 'shift_jis'],
    ['x-sjis', japanese, 'shift_jis'],
    ['cp932', japanese, 'shift_jis'],
    ['windows-31j', japanese, 'shift_jis'],
    ['EUC-JP', japanese, 'euc-jp'],
    ['EUC-KR', korean, 'euc-kr'],
    ['ks_c_5601-1987', korean, 'euc-kr'],
    ['cp949', korean, 'cp949'],
    ['uhc', korean, 'cp949'],
    ['KOI8-R', russian, 'koi8-r'],
    ['koi8-u', russian, 'koi8-u'],
    ['windows-1251', russian, 'windows-1251'],
    ['cp1251', russian, 'windows-1251'],
    ['iso-8859-5', russian, 'iso-8859-5'],
    ['cp866', russian, 'cp866'],
    ['TIS-620', thai, 'tis620'],
    ['windows-874', thai, 'windows-874'],
    ['iso-8859-1', french, 'latin1'],
    ['iso-8859-15', french, 'iso-8859-15'],
    ['windows-1252', french, 'windows-1252'],
    ['windows-1250', 'Žluťoučký kůň', 'windows-1250'],
    ['windows-1253', 'Καλημέρα σας', 'windows-1253'],
    ['windows-1254', 'Siparişim gelmedi, ığüşöç', 'windows-1254'],
    ['windows-1255', 'שלום, ההזמנה לא הגיעה', 'windows-1255'],
    ['windows-1256', 'مرحبا لم يصل طلبي', 'windows-1256'],
    ['windows-1257', 'Užsakymas dar neatėjo', 'windows-1257'],
    ['windows-1258', 'chào', 'windows-1258'],
    ['cp437', 'é à ü', 'cp437'],
    ['utf-16le', french, 'utf-16le'],
    ['utf-7', 'Hi Mom +Jjo--!'.replace('+Jjo-', '☺'), 'utf-7'],
    ['unicode-1-1-utf-7', chinese, 'utf-7'],
    ['utf-8', chinese, 'utf-8'],
    ['UTF8', chinese, 'utf-8'],
  ])('in %s is read by it', (label, text, charset) => {
    expect(decodeBytes(encode(text, charset), label)).toEqual({ text, guessed: false })
  })

  test('in ISO-2022-JP is read by its escapes, half-width letters and NEC signs included', () => {
    const bytes = Buffer.from('1b2442243324731b284220311b28493132331b2842201b24422d211b2842', 'hex')
    expect(decodeBytes(bytes, 'ISO-2022-JP')).toEqual({ text: 'こん 1ｱｲｳ ①', guessed: false })
    expect(decodeBytes(bytes, 'cp50221').text).toBe('こん 1ｱｲｳ ①')
  })

  test('in ISO-2022-KR and HZ is read although browsers no longer do', () => {
    const kr = Buffer.from('\x1b$)C\x0e>H3g\x0f hi', 'latin1')
    expect(decodeBytes(kr, 'iso-2022-kr').text).toBe('안녕 hi')
    expect(decodeBytes(Buffer.from('hi ~{<:Ky2;~}.'), 'hz-gb-2312').text).toBe('hi 己所不.')
  })

  test('as gb2312 may use what only gb18030 has', () => {
    const text = '龑鎔€镕㐂'
    expect(decodeBytes(encode(text, 'gb18030'), 'gb2312').text).toBe(text)
  })
})

describe('a text whose label is missing, unknown or wrong', () => {
  const cases: [string, string, string | null, string][] = []
  for (const label of [null, 'us-ascii', 'utf-8', 'iso-8859-1', 'x-unknown', '?', 'unknown-8bit']) {
    cases.push([String(label), 'gb18030', label, chinese], [String(label), 'big5', label, taiwanese])
    cases.push([String(label), 'shift_jis', label, japanese], [String(label), 'euc-kr', label, korean])
    cases.push([String(label), 'euc-jp', label, japanese])
  }
  test.each(cases)('%s although it is %s is read by its looks', (_, charset, label, text) => {
    expect(decodeBytes(encode(text, charset), label)).toEqual({ text, guessed: true })
  })

  test.each([
    'iso-8859-1',
    'windows-1252',
    'us-ascii',
    'koi8-r',
    'gb2312',
    'big5',
    'x-user-defined',
  ])('as %s although it is UTF-8 is read as UTF-8', label => {
    expect(decodeBytes(Buffer.from(chinese), label)).toEqual({ text: chinese, guessed: true })
  })

  test('Cyrillic in one byte is told from Latin', () => {
    const long = russian.repeat(4)
    expect(decodeBytes(encode(long, 'koi8-r'), null).text).toBe(long)
    expect(decodeBytes(encode(long, 'windows-1251'), 'utf-8').text).toBe(long)
  })

  test('accents stay accents', () => {
    for (const label of [null, 'us-ascii', 'utf-8'])
      expect(decodeBytes(encode(french, 'latin1'), label).text).toBe(french)
  })

  test('two bytes of gb2312 that are UTF-8 by chance are read as labelled', () => {
    expect(decodeBytes(encode('联通', 'gbk'), 'gb2312')).toEqual({ text: '联通', guessed: false })
  })

  test('a character cut off at the end does not make UTF-8 something else', () => {
    const bytes = Buffer.from(chinese)
    const cut = decodeBytes(bytes.subarray(0, bytes.length - 1), 'utf-8')
    expect(cut.guessed).toBe(false)
    expect(cut.text).toContain('您好')
  })

  test('plain ASCII needs no label', () => {
    expect(decodeBytes(Buffer.from('hello'), null)).toEqual({ text: 'hello', guessed: false })
    expect(decodeBytes(Buffer.from('hello'), 'gb2312')).toEqual({ text: 'hello', guessed: false })
  })

  test('any bytes under any name give some text', () => {
    const bytes = Buffer.from(Array.from({ length: 2_000 }, (_, n) => (n * 37 + (n >> 3)) & 255))
    for (const label of [
      'hex',
      'base64',
      'constructor',
      '__proto__',
      'utf-7',
      'hz',
      '',
      'iso-2022-kr',
      'utf-32',
    ])
      expect(typeof decodeBytes(bytes, label).text).toBe('string')
    expect(charsetNamed('base64')).toBeNull()
    expect(charsetNamed('__proto__')).toBeNull()
  })
})

describe('encoded words', () => {
  const b64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64')
  const utf8 = Buffer.from('退货申请')
  const split = `=?utf-8?B?${b64(utf8.subarray(0, 4))}?=\r\n =?utf-8?B?${b64(utf8.subarray(4))}?=`

  test.each([
    ['a character split over two words', split, '退货申请'],
    ['q with underscores', '=?iso-8859-1?q?caf=E9_cr=E8me?=', 'café crème'],
    ['blanks within q', '=?utf-8?Q?caf=C3=A9 cr=C3=A8me?=', 'café crème'],
    ['text around', 'Re: =?utf-8?B?6YCA6LSn?= (2)', 'Re: 退货 (2)'],
    ['no blank between', 'a=?utf-8?Q?=C3=A9?=b', 'aéb'],
    ['two charsets side by side', '=?gb2312?B?zcu79Q==?= =?utf-8?Q?=C3=A9?=', '退货é'],
    ['b that is q', '=?utf-8?B?=E9=80=80=E8=B4=A7?=', '退货'],
    ['a language after the charset', '=?utf-8*zh?B?6YCA6LSn?=', '退货'],
    ['padding within', '=?utf-8?B?6YCA==6LSn?=', '退货'],
    ['a charset that is none', '=?x-none?Q?=E9=80=80?=', '退'],
    ['a label that lies', `=?iso-8859-1?B?${b64('退货申请单')}?=`, '退货申请单'],
    ['none', 'a =? b ?= c', 'a =? b ?= c'],
    ['an unfinished one', '=?utf-8?B?6YCA', '=?utf-8?B?6YCA'],
    ['an empty one', '=?utf-8?Q??=', ''],
    ['ISO-2022-JP', '=?ISO-2022-JP?B?GyRCJDMkcxsoQg==?=', 'こん'],
  ])('with %s', (_, given, text) => {
    expect(decodeWords(given)).toBe(text)
  })

  test('whose letter says q but whose text is padded base64 are read as base64', () => {
    expect(decodeWords(`=?utf-8?Q?${b64('退货了!')}?=`)).toBe('退货了!')
  })

  test('in any number take time in proportion', () => {
    const time = (text: string) => cpuTime(() => decodeWords(text))
    const hostile = (n: number) => ['=?a?q?x'.repeat(n), '=?'.repeat(n), '=?utf-8?Q?=C3?= '.repeat(n)]
    for (const [n, small] of hostile(2_000).entries()) {
      const short = time(small)
      expect(time(hostile(16_000)[n]!)).toBeLessThan(50 + 40 * short)
    }
  })
})

describe("a header's parameters", () => {
  test.each([
    [`attachment; filename*=UTF-8''%E9%80%80%E8%B4%A7.pdf`, '退货.pdf'],
    [`attachment; filename*=gb2312'zh'%CD%CB%BB%F5.pdf`, '退货.pdf'],
    [`attachment; filename*0*=UTF-8''%E9%80; filename*1*=%80%E8%B4%A7; filename*2=".pdf"`, '退货.pdf'],
    ['attachment; filename*1="b.pdf"; filename*0="a"', 'ab.pdf'],
    ['attachment; filename="=?utf-8?B?6YCA6LSn?=.pdf"', '退货.pdf'],
    ['attachment; filename="=?utf-8?B?6YCA?= =?utf-8?B?6LSn?=.pdf"', '退货.pdf'],
    [`attachment; filename="plain.pdf"; filename*=UTF-8''%E9%80%80.pdf`, '退.pdf'],
    ['attachment; filename="a;b \\"c\\".pdf"', 'a;b "c".pdf'],
    ['attachment; filename=C:\\dir\\a.pdf', 'C:\\dir\\a.pdf'],
    ['attachment (a; comment); filename=a.pdf (x)', 'a.pdf'],
    ['attachment; filename="never closed.pdf', 'never closed.pdf'],
    [`attachment; filename*=UTF-8''100%.pdf`, '100%.pdf'],
    [`attachment; filename*=bogus''%E9%80%80.pdf`, '退.pdf'],
    ['attachment; filename=退货.pdf', '退货.pdf'],
  ])('%s', (header, name) => {
    expect(readParameters(header).parameters.filename).toBe(name)
  })

  test('are no way to the prototype', () => {
    const { parameters } = readParameters('a/b; __proto__=x; constructor=y')
    expect(Object.keys(parameters)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})
