import { phrases } from './phrases.ts'

/**
 * The words by which mail programs introduce what they quote, as seen in mails of Gmail, Outlook (desktop, web,
 * phones), Apple Mail, Thunderbird, Yahoo, QQ/Foxmail, NetEase, Naver, Daum, Lotus Notes and Yandex set to these
 * languages. `verifiedAt` is when the lists were last gone through; a program's new wording is added here.
 */
export const verifiedAt = '2026-11-22'

/** "… wrote": whole words in lower case, for scripts with spaces. */
export const wroteWords = phrases`
  wrote | writes | sent | replied | schrieb | schrieben | geschrieben | a écrit | écrit | a ecrit |
  écrivait | escribió | escribio | ha escrito | escreveu | escreveram | ha scritto | scritto | scrive |
  schreef | geschreven | napisał | napisała | napisał a | pisze | skrev | skriver | skreiv | kirjoitti |
  написал | написала | написал а | пишет | писал | писала | написав | пише | yazdı | yazmış | yazdi | كتب |
  كتبت | كتابة | đã viết | napsal | napsala | napsal a | írta | a scris | έγραψε | כתב | כתבה | menulis |
  ने लिखा
`

/** The same for scripts without spaces: found anywhere. */
export const wroteSigns = phrases`
  写道 | 寫道 | 写到 | 來信 | 写于 | のメール | 書きました | 書いた | 님이 작성 | 님이 씀 | 작성: | 작성 : | 썼습니다 | เขียนว่า
`

/** How such a line begins, where it begins with a word. */
export const attributionOpeners = phrases`
  on | at | in article | am | le | el | em | a | no dia | il | il giorno | in data | op | w dniu | dnia |
  den | på | vào | dne | în | pe | στις | pada | в | في | בתאריך | 在 | 于 | 於
`

/** Somebody telling a story, not a program: folded only when a quote with marks follows. */
export const tellersWords = phrases`
  i wrote | we wrote | you wrote | i sent | we sent | you sent | your colleague | my colleague |
  schrieb ich | schrieben wir | schrieben sie | ich ihnen | wir ihnen | ihr kollege | ihre kollegin |
  je vous | nous vous | vous avez | le escribí | vi ho scritto | schreef ik | skrev jag | skrev jeg
`
export const tellersSigns = phrases`
  我写道 | 我寫道 | 您写道 | 我给 | 私が | 제가
`

/** Of a line such as `-----Original Message-----`. */
export const originalPhrases = phrases`
  original message | original email | original mail | original | replied message | reply message |
  reply separator | ursprüngliche nachricht | originalnachricht | original-nachricht | ursprüngliche mail |
  urspruengliche nachricht | message d'origine | message d’origine | message original | message initial |
  mensaje original | correo original | mensagem original | messaggio originale | messaggio di origine |
  oorspronkelijk bericht | origineel bericht | wiadomość oryginalna | oryginalna wiadomość |
  wiadomość pierwotna | ursprungligt meddelande | originalmeddelande | oprindelig meddelelse |
  original meddelelse | opprinnelig melding | alkuperäinen viesti | исходное сообщение |
  оригинальное сообщение | первоначальное сообщение | исходное письмо | orijinal mesaj | özgün ileti |
  orijinal ileti | الرسالة الأصلية | tin nhắn gốc | thư gốc | původní zpráva | eredeti üzenet | 原始邮件 | 原邮件 |
  回复的原邮件 | 邮件原文 | 原始郵件 | 原始信件 | 原郵件 | 源邮件 | 元のメッセージ | 元のメール | オリジナルメッセージ | 원본 메시지 | 원본메시지 | 원본 메일 | 원본메일 |
  원래 메시지
`

/** Of a line such as `---------- Forwarded message ---------`, between dashes. */
export const forwardPhrases = phrases`
  forwarded message | forwarded by | forwarded email | forwarded mail | begin forwarded message |
  forwarded | weitergeleitete nachricht | weitergeleitet von | weitergeleitete mail | message transféré |
  message réexpédié | transféré par | mensaje reenviado | mensagem encaminhada | mensagem reencaminhada |
  messaggio inoltrato | doorgestuurd bericht | doorgestuurde bericht | przekazana wiadomość |
  wiadomość przekazana | treść przekazanej wiadomości | vidarebefordrat meddelande |
  videresendt meddelelse | videresendt melding | välitetty viesti | edelleenlähetetty viesti |
  пересылаемое сообщение | пересланное сообщение | пересылаемое письмо | переадресованное сообщение |
  iletilen ileti | yönlendirilen ileti | iletilmiş mesaj | yönlendirilmiş ileti | رسالة معاد توجيهها |
  الرسالة المعاد توجيهها | thư đã được chuyển tiếp | 转发邮件 | 转发的邮件 | 转发邮件信息 | 被转发的邮件 | 轉寄郵件 | 轉寄的郵件 | 轉寄訊息 |
  轉寄信件 | 転送メッセージ | 転送されたメッセージ | 転送メール | 전달된 메시지 | 전달 메시지 | 전달된 메일 | 전달 메일
`

/** Apple Mail's, without dashes: the whole line. */
export const forwardLines = phrases`
  begin forwarded message | forwarded message | anfang der weitergeleiteten nachricht |
  début du message réexpédié | début du message transféré | inicio del mensaje reenviado |
  início da mensagem reencaminhada | início da mensagem encaminhada | inizio messaggio inoltrato |
  begin doorgestuurd bericht | начало переадресованного сообщения | początek przekazywanej wiadomości |
  vidarebefordrat brev | start på videresendt meddelelse | videresendt melding |
  begynnelse på videresendt melding | välitetty viesti alkaa | iletilen ileti başlangıcı |
  بدء الرسالة المعاد توجيهها | 下面是被转发的邮件 | 開始轉寄郵件 | 以下是被轉寄的郵件 | 転送されたメッセージ | 전달된 메시지 | 전달된 메시지 시작
`

export type Field = 'from' | 'sent' | 'date' | 'to' | 'cc' | 'subject' | 'other'

/** The names of a quoted mail's header lines, in lower case and without spaces. */
export const fieldNames: Record<Field, readonly string[]> = {
  from: phrases`
    from | sender | von | absender | de | expéditeur | remitente | remetente | da | mittente | van |
    afzender | od | nadawca | från | avsändare | fra | avsender | lähettäjä | от | откого | отправитель |
    kimden | gönderen | من | المرسل | từ | feladó | odesílatel | 发件人 | 寄件人 | 寄件者 | 發件人 | 发信人 | 差出人 | 送信者 |
    送信元 | 発信者 | 보낸사람 | 보낸이 | 발신자 | 발신인 | 보낸분
  `,
  sent: phrases`
    sent | senton | datesent | gesendet | gesendetam | envoyé | envoyéle | enviado | enviadoel |
    fechadeenvío | enviada | enviadaem | enviadoem | inviato | datainvio | inviatoil | verzonden |
    verzondenop | wysłano | wysłane | skickat | skickad | sendt | lähetetty | отправлено | датаотправки |
    gönderildi | gönderilme | gönderilmetarihi | göndermetarihi | تمالإرسال | تاريخالإرسال | أرسلت | 发送时间 |
    发送日期 | 寄件日期 | 寄送日期 | 傳送時間 | 發送時間 | 傳送日期 | 發送日期 | 送信日時 | 送信日 | 보낸날짜 | 보낸시간 | 보낸일시 | 발신일
  `,
  date: phrases`
    date | datum | data | fecha | dato | päiväys | päivämäärä | дата | tarih | التاريخ | ngày | dátum | 日期 |
    时间 | 時間 | 日時 | 日付 | 날짜 | 일시
  `,
  to: phrases`
    to | an | à | pour | para | a | destinatario | destinataire | destinatário | aan | do | till | til |
    vastaanottaja | кому | получатель | kime | alıcı | إلى | المستلم | đến | címzett | komu | 收件人 | 收件者 |
    收信人 | 宛先 | 受信者 | 送信先 | 받는사람 | 받는이 | 수신자 | 수신인 | 받는분
  `,
  cc: phrases`
    cc | bcc | kopie | kopia | kopi | kopio | copie | copia | cópia | копия | bilgi | نسخة | dw | 抄送 | 副本 |
    抄送人 | 密送 | 密件副本 | 参照 | 참조
  `,
  subject: phrases`
    subject | re | betreff | objet | sujet | asunto | assunto | oggetto | onderwerp | temat | ämne | emne |
    aihe | тема | konu | الموضوع | chủđề | tárgy | předmět | 主题 | 主旨 | 主題 | 标题 | 標題 | 件名 | 題名 | 제목
  `,
  other: phrases`
    reply-to | replyto | organization | importance | priority | attachments | attachment | mailed-by |
    wichtigkeit | anlagen | antwortan | répondreà | piècesjointes | importancia | responderpara | 附件 | 回复 |
    重要性 | 添付ファイル | 重要度 | 첨부 | 중요도 | in-reply-to | references
  `,
}

/** What phones and apps put under a mail, beginning or ending with these words and naming a product. */
export const signatureStarts = phrases`
  sent from | sent with | sent using | sent via | sent by | sent on | get outlook | von meinem | gesendet |
  diese nachricht wurde von meinem | holen sie sich outlook | outlook für | envoyé | télécharger outlook |
  téléchargez outlook | obtenir outlook | obtenez outlook | provenance | enviado | enviada |
  obtener outlook | descarga outlook | obter o outlook | obtenha o outlook | baixar o outlook |
  transferir o outlook | inviato da | inviata da | ottieni outlook | scarica outlook | отправлено |
  послано с | получить outlook | скачать outlook | verzonden | verstuurd | outlook voor | download outlook |
  downloaden outlook | wysłane | wysłano | pobierz aplikację outlook | pobierz outlook | skickat från |
  skickades från | hämta outlook | sendt fra | hent outlook | skaff deg outlook | få outlook | lähetetty |
  hanki outlook | تم الإرسال من | أرسلت من | مرسل من | الحصول على outlook | gửi từ | odesláno z | elküldve |
  trimis de | dikirim dari | outlook for | 发自 | 從我的 | 从我的 | 發自 | 寄自 | 来自我的 | 通过我的 | 使用我的 | 获取 outlook |
  获取outlook | 下载 outlook | 下载outlook | 取得 outlook
`
export const signatureEnds = phrases`
  から送信 | から送信されました | より送信 | を入手 | 에서 보냄 | 에서 보낸 메일 | 에서 발송 | 에서 발송됨 | 에서 보냈습니다 | 에서 전송 | 다운로드 | 받기 |
  gesendet | gönderildi | edinin | 发送 | 發送 | 傳送 | 寄出 | 发出
`
export const signatureProducts = phrases`
  iphone | ipad | ipod | apple watch | android | samsung | galaxy | huawei | xiaomi | redmi | oppo | vivo |
  honor | oneplus | pixel | nokia | xperia | blackberry | windows | outlook | yahoo | gmail | proton | aol |
  gmx | web.de | mail for | foxmail | mail.ru | яндекс | yandex | spark | airmail | hey.com | phone |
  mobile | smartphone | tablet | handy | telefon | téléphone | teléfono | móvil | celular | cellulare |
  mobiel | mobil | puhelime | телефон | смартфон | หมือถือ | 手机 | 手機 | 小米 | 华为 | 荣耀 | 魅族 | 邮箱 | 信箱 | 网易 |
  携帯 | スマート | 삼성 | 갤럭시 | 아이폰 | 네이버 | 휴대폰
`
