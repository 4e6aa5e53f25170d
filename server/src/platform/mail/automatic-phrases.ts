import { phrases } from './phrases.ts'

/** How vacation programs begin a subject, in the words of Exchange, Gmail, Apple, QQ, NetEase, Naver and others. */
export const verifiedAt = '2026-11-22'

/** No person writes these: they suffice by themselves. */
export const certainSubjects = phrases`
  automatic reply: | auto-reply: | autoreply: | auto reply: | auto response: | auto-response: |
  autoresponse: | autoresponder: | out of office autoreply: | out of office auto-reply: | [auto-reply] |
  [autoreply] | [auto reply] | automatische antwort: | abwesenheitsnotiz: | réponse automatique |
  respuesta automática | respuesta automatica | resposta automática | risposta automatica |
  automatisch antwoord: | automatische reactie: | odpowiedź automatyczna | autosvar | automatiskt svar: |
  automatisk svar: | automaattinen vastaus | автоматический ответ | автоответ | otomatik yanıt |
  otomatik cevap | رد تلقائي | 自动回复 | 自動回覆 | 自動回复 | 自动答复 | 自動返信 | 自動応答 | 不在通知 | 부재중 자동 | [부재중 | 자동 회신 |
  자동회신 | 자동 응답 | 자동응답 | [자동 | tự động trả lời | automatická odpověď | automatikus válasz
`

/** Persons may write these as well: they need another sign. */
export const likelySubjects = phrases`
  out of office | out of the office | ooo: | away from | on vacation | vacation | holiday | abwesen |
  nicht im büro | urlaub | absence | absent | fuera de la oficina | ausente | ausência | fuori sede |
  fuori ufficio | assente | afwezig | poza biurem | nieobecno | frånvaro | fraværende | poissa | отсутств |
  вне офиса | izinde | خارج المكتب | 外出 | 休假 | 不在 | 休暇 | 부재중 | 휴가 | 请假 | 出差 | ticket received |
  we have received | thank you for contacting | eingangsbestätigung | accusé de réception |
  receipt confirmation | received your
`
