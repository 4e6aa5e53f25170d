const minute = 60_000

type Letter = { minutesAgo: number; from: string; subject: string; text: string; html?: string }

/** Mail that lies in the inbox of a newcomer: as it comes, in three scripts, one with a layout of its own. */
const letters: readonly Letter[] = [
  {
    minutesAgo: 95,
    from: 'Katrin Brandt <katrin.brandt@kunde.example>',
    subject: 'Lampenschirm beschädigt angekommen (Bestellung B-20417)',
    text: 'Guten Tag,\r\n\r\nder Lampenschirm kam heute mit einem Riss an. Die Verpackung war außen unbeschädigt. Können Sie mir bitte einen neuen schicken?\r\n\r\nMit freundlichen Grüßen\r\nKatrin Brandt\r\n\r\n-- \r\nVon meinem iPhone gesendet',
    html: '<p>Guten Tag,</p><p>der Lampenschirm kam heute <b>mit einem Riss</b> an. Die Verpackung war außen unbeschädigt.</p><table border="1" cellpadding="6"><tr><th>Bestellung</th><th>Artikel</th></tr><tr><td>B-20417</td><td>Lampenschirm „Mori“, 40 cm</td></tr></table><p>Können Sie mir bitte einen neuen schicken?</p><p style="color:#666">Mit freundlichen Grüßen<br>Katrin Brandt</p><img src="https://pictures.kunde.example/open.gif" width="1" height="1" alt="">',
  },
  {
    minutesAgo: 40,
    from: '森田 彩 <aya.morita@okyaku.example>',
    subject: '配送先の変更について',
    text: 'お世話になっております。\r\n\r\n先週注文した竹製の棚ですが、引っ越しのため配送先を変更したいです。まだ間に合いますでしょうか。\r\n\r\n森田\r\n\r\n2026年11月20日(金) 10:12 Bambu & Co <help@bambu.example>:\r\n> ご注文ありがとうございます。発送まで二、三日かかります。',
  },
  {
    minutesAgo: 12,
    from: 'هدى المنصوري <huda@ameel.example>',
    subject: 'أين طلبي؟',
    text: 'مرحبًا، لم يصل طلبي رقم B-20388 حتى الآن، وصفحة التتبع لم تتغير منذ أسبوع. هل يمكنكم التحقق من ذلك؟ شكرًا.',
  },
]

export const sampleAddress = 'help@bambu.example'

/** Each with the name of its sender, as it stood on the wire. */
export const sampleLetters = (now: Date) =>
  letters.map(letter => ({ line: /<(.+)>/.exec(letter.from)![1]!, raw: Buffer.from(written(letter, now)) }))

function written({ minutesAgo, from, subject, text, html }: Letter, now: Date) {
  const date = new Date(now.getTime() - minutesAgo * minute).toUTCString().replace('GMT', '+0000')
  const part = (type: string, content: string) =>
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n')}\r\n`
  const plain = part('text/plain', text)
  const body = html
    ? `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n${plain}--b\r\n${part('text/html', html)}--b--\r\n`
    : plain
  const name = from.slice(0, from.indexOf(' <'))
  const sender = from.replace(name, encoded(name))
  return `From: ${sender}\r\nTo: ${sampleAddress}\r\nSubject: ${encoded(subject)}\r\nDate: ${date}\r\nMIME-Version: 1.0\r\n${body}`
}

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
