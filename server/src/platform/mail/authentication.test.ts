import { generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import nodemailer from 'nodemailer'
import { afterAll, describe, expect, test } from 'vitest'
import { mail } from '../../../test/mails.ts'
import { authenticate, type Resolver } from './authentication.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

const records: Record<string, string> = {
  'shop.example': 'v=spf1 ip4:192.0.2.10 -all',
  's1._domainkey.shop.example': `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`,
  '_dmarc.shop.example': 'v=DMARC1; p=reject; adkim=r; aspf=r',
  'other.example': 'v=spf1 ip4:192.0.2.66 -all',
}

/** Name servers that know the records above, and remember what they were asked. */
function servers() {
  const asked: string[] = []
  const resolver: Resolver = async (name, type) => {
    asked.push(`${type} ${name}`)
    if (type === 'TXT' && records[name]) return [[records[name]]]
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  }
  return { asked, resolver }
}

async function signed(text: string, from = 'ada@shop.example') {
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    dkim: { domainName: 'shop.example', keySelector: 's1', privateKey },
  })
  const { message } = await transport.sendMail({ from, to: 'help@afar.example', subject: 'Order', text })
  return message as Buffer
}

const fromShop = { clientIp: '192.0.2.10', helo: 'mx.shop.example', mailFrom: 'ada@shop.example' }
const results = ({ spf, dkim, dmarc }: Awaited<ReturnType<typeof authenticate>>) => [
  spf.result,
  dkim.map(({ result }) => result).join(),
  dmarc.result,
]

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-authentication-'))
afterAll(() => fs.rmSync(dir, { recursive: true }))

describe('a mail that came to our own receiver', () => {
  test('from where it says passes', async () => {
    const { resolver } = servers()
    const found = await authenticate(await signed('Hello'), { ...fromShop, resolver })
    expect(results(found)).toEqual(['pass', 'pass', 'pass'])
    expect(found).toMatchObject({
      spf: { domain: 'shop.example' },
      dkim: [{ domain: 'shop.example' }],
      dmarc: { domain: 'shop.example', policy: 'reject' },
      by: 'afar',
    })
  })

  test('and is forged fails in all three', async () => {
    const { resolver } = servers()
    const forged = Buffer.from(
      (await signed('Pay to account A')).toString().replace('account A', 'account B'),
    )
    const found = await authenticate(forged, { ...fromShop, clientIp: '203.0.113.9', resolver })
    expect(results(found)).toEqual(['fail', 'fail', 'fail'])
  })

  test('with a header changed fails', async () => {
    const { resolver } = servers()
    const forged = Buffer.from((await signed('x')).toString().replace('Subject: Order', 'Subject: Other'))
    expect(results(await authenticate(forged, { ...fromShop, clientIp: '203.0.113.9', resolver }))).toEqual([
      'fail',
      'fail',
      'fail',
    ])
  })

  test('under a name that another domain vouches for does not pass DMARC', async () => {
    const { resolver } = servers()
    const raw = mail({ From: 'ada@shop.example', To: 'help@afar.example' }, 'Hello')
    const envelope = { clientIp: '192.0.2.66', helo: 'mx.other.example', mailFrom: 'x@other.example' }
    expect(results(await authenticate(raw, { ...envelope, resolver }))).toEqual(['pass', 'none', 'fail'])
  })

  test('is not believed about who checked it', async () => {
    const { resolver } = servers()
    const raw = mail(
      {
        'Authentication-Results': 'mx.afar.example; spf=pass; dkim=pass; dmarc=pass',
        From: 'ada@shop.example',
      },
      'Hello',
    )
    const door = { ...fromShop, clientIp: '203.0.113.9', resolver, trustedServers: ['mx.afar.example'] }
    expect(results(await authenticate(raw, door))).toEqual(['fail', 'none', 'fail'])
  })

  test('with two senders has no policy to pass', async () => {
    const { resolver } = servers()
    const raw = mail({ From: 'ada@shop.example, ceo@bank.example' }, 'Hello')
    expect((await authenticate(raw, { ...fromShop, resolver })).dmarc.result).toBe('permerror')
  })
})

describe('a mail that was fetched', () => {
  test('is checked by its signature alone, SPF being out of reach', async () => {
    const { resolver } = servers()
    expect(results(await authenticate(await signed('Hello'), { resolver }))).toEqual([
      'unchecked',
      'pass',
      'pass',
    ])
    const unsigned = mail({ From: 'ada@shop.example' }, 'Hello')
    expect(results(await authenticate(unsigned, { resolver }))).toEqual(['unchecked', 'none', 'unchecked'])
  })

  test('is as the newest word of a trusted server says, and nobody is asked', async () => {
    const { resolver, asked } = servers()
    const raw = mail(
      {
        'Authentication-Results':
          'mx.ours.example 1; spf=softfail (a; comment) smtp.mailfrom=x@shop.example;\r\n dkim=pass header.i=@shop.example header.s=s1; dmarc=fail (p=REJECT sp=NONE) header.from=shop.example',
        'authentication-results': 'mx.ours.example; spf=pass; dmarc=pass',
        From: 'ada@shop.example',
      },
      'Hello',
    )
    expect(await authenticate(raw, { resolver, trustedServers: ['mx.ours.example'] })).toEqual({
      spf: { result: 'softfail', domain: 'shop.example' },
      dkim: [{ result: 'pass', domain: 'shop.example' }],
      dmarc: { result: 'fail', domain: 'shop.example', policy: 'reject' },
      by: 'mx.ours.example',
    })
    expect(asked).toEqual([])
  })

  test('does not pass by the word of a trusted server that stands below another', async () => {
    const { resolver } = servers()
    const raw = mail(
      {
        'Authentication-Results': 'mx.evil.example; spf=pass',
        'authentication-results': 'mx.ours.example; spf=pass; dmarc=pass',
        From: 'ada@shop.example',
      },
      'Hello',
    )
    const found = await authenticate(raw, { resolver, trustedServers: ['mx.ours.example'] })
    expect(found).toMatchObject({ by: 'afar', spf: { result: 'unchecked' } })
  })

  test('without anybody to ask stays unchecked', async () => {
    expect(results(await authenticate(await signed('Hello'), {}))).toEqual(['unchecked', '', 'unchecked'])
  })

  test('of megabytes is read from its file, and its signature holds', async () => {
    const { resolver } = servers()
    const file = path.join(dir, 'large.eml')
    fs.writeFileSync(file, await signed('A line of text, again and again.\n'.repeat(200_000)))
    expect(results(await authenticate({ path: file }, { resolver }))).toEqual(['unchecked', 'pass', 'pass'])
  })
})

describe('name servers', () => {
  test('that fail are a temporary error', async () => {
    const resolver = async () => {
      throw Object.assign(new Error('server failed'), { code: 'ESERVFAIL' })
    }
    expect(results(await authenticate(await signed('x'), { ...fromShop, resolver }))).toEqual([
      'temperror',
      'temperror',
      'temperror',
    ])
  })

  test('that never answer are waited for no longer than the time for all', async () => {
    const resolver = () => new Promise<never>(() => {})
    const start = performance.now()
    const found = await authenticate(await signed('x'), { ...fromShop, resolver, budgetMs: 100 })
    expect(results(found)).toEqual(['temperror', 'temperror', 'temperror'])
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test('are not asked by a mail made to make us ask', async () => {
    const { resolver, asked } = servers()
    const signature = 'v=1; a=rsa-sha256; d=shop.example; s=s1; h=from; bh=x; b=y'
    const many = mail(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, n) => [n % 2 ? `DKIM-Signature` : `Dkim-signature`, signature]),
      ),
      'x',
    )
    const lines = `DKIM-Signature: ${signature}\r\n`.repeat(30)
    const found = await authenticate(Buffer.concat([Buffer.from(lines), many]), { resolver })
    expect(found.dkim).toEqual([{ result: 'permerror', domain: null }])
    const nested = mail({ From: `${'g:'.repeat(5_000)}a@shop.example` }, 'x')
    expect((await authenticate(nested, { resolver })).dmarc.result).toBe('permerror')
    expect(asked).toEqual([])
  })
})
