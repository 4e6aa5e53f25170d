import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const words = [
  'Hello, my parcel has not arrived yet. The tracking page has shown the same place for nine days.',
  '你好，我的包裹九天没有更新物流了，请帮我查一下现在到哪里了，谢谢。',
  'こんにちは。注文した商品がまだ届いていません。配送状況を教えていただけますか。',
  'Guten Tag, mein Paket ist noch nicht angekommen. Können Sie bitte nachsehen, wo es ist?',
  'Bonjour, mon colis n’est pas encore arrivé. Pourriez-vous vérifier où il se trouve ?',
  'Hola, mi paquete todavía no ha llegado. ¿Podrían comprobar dónde está?',
  '안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 배송 상태를 확인해 주세요.',
  'Здравствуйте, моя посылка ещё не пришла. Проверьте, пожалуйста, где она сейчас.',
]

/**
 * The nth mail of a mailbox: eight languages, text and HTML, 4 kB on average, half of them answers to the one
 * before, as a mail program writes them.
 */
export function sampleMail(n: number, at: Date): string {
  const first = n - (n % 2)
  const isAnswer = n !== first
  const said = words[first % words.length]!
  const filler = `${said} `.repeat(4 + (n % 9))
  const quote = isAnswer
    ? `\r\n\r\nOn Mon, Jan 5, 2026 at 9:00 AM Help <help@h.test> wrote:\r\n\r\n> ${said}\r\n`
    : ''
  const text = `${filler}\r\n\r\n-- \r\nBuyer ${first}${quote}`
  const html = `<html><body><div dir="ltr"><p>${filler}</p><p style="color:#333">Buyer ${first}</p>${isAnswer ? `<div class="gmail_quote">On Mon wrote:<blockquote>${said}</blockquote></div>` : ''}</div></body></html>`
  const base64 = (content: string) => Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n')
  return [
    'Return-Path: <buyer@far.test>',
    `Received: from mx.far.test by mx.h.test with ESMTPS id ${n}; ${at.toUTCString().replace('GMT', '+0000')}`,
    `From: "Buyer ${first}" <buyer${first}@far.test>`,
    'To: help@h.test',
    `Subject: ${isAnswer ? 'Re: ' : ''}=?utf-8?B?${Buffer.from(`${said.slice(0, 20)} #${first}`).toString('base64')}?=`,
    `Message-ID: <m${n}@far.test>`,
    ...(isAnswer ? [`In-Reply-To: <m${first}@far.test>`, `References: <m${first}@far.test>`] : []),
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(text),
    '--b',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(html),
    '--b--',
    '',
  ].join('\r\n')
}

const day = 86_400_000

/** Puts as many mails into a maildir as if they had come over the last months, one every few minutes. */
export function fillMaildir(mailDir: string, user: string, count: number) {
  const folder = path.join(mailDir, user)
  for (const part of ['cur', 'new', 'tmp']) fs.mkdirSync(path.join(folder, part), { recursive: true })
  const until = Date.now() - 10 * day
  const step = Math.min((300 * day) / count, 600_000)
  for (let n = 0; n < count; n++) {
    const at = new Date(until - (count - n) * step)
    const file = path.join(folder, 'cur', `${Math.floor(at.getTime() / 1_000)}.M${n}.bench:2,S`)
    fs.writeFileSync(file, sampleMail(n, at))
    fs.utimesSync(file, at, at)
  }
  execFileSync('chown', ['-R', 'mail:mail', folder])
}
