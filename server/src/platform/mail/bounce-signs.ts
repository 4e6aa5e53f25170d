import { phrases } from './phrases.ts'

/**
 * By what a bounce is known that is not written as RFC 3464 wants it: who it comes from and what it says, in the
 * words of qmail, Exim, Sendmail, Exchange, Domino, the big providers and their translations.
 */
export const verifiedAt = '2026-11-22'

/** Addresses no person writes from. */
export const daemonNames = phrases`
  mailer-daemon | mailerdaemon | mail-daemon | maildaemon | mdaemon | mailer_daemon | mail.delivery |
  delivery-failure
`

/** Addresses that robots and persons share. */
export const postmasterNames = phrases`
  postmaster | post_master | post-master | mailadmin | mail-admin
`

/** Robots of many kinds: only with the returned mail or a status do they mean a bounce. */
export const robotNames = phrases`
  no-reply | noreply | no_reply | donotreply | do-not-reply | sysadmin | bounce | bounces | mail | mailer |
  notification | root | admin
`

/** How they call themselves. */
export const daemonTitles = phrases`
  mail delivery s | mail deliver s | mail delivery subsystem | mailer daemon | mailer-daemon |
  internet mail delivery
`

export const bounceSubjects = phrases`
  undeliver | not deliver | couldn't be delivered | could not be delivered | cannot be delivered |
  returned mail | mail returned | returned to sender | returning message | delivery fail |
  delivery has failed | delivery error | delivery status | delivery report | delivery notification |
  delivery problem | delivery delayed | delivery incomplete | delivery has been delayed | failure notice |
  failure delivery | mail failure | failed mail | failed delivery | mail error | mail system error |
  notice: mail delivery | mail delivery | nondeliverable | non-deliver | bounced | bounce mail |
  unable to deliver | error sending your mail | mail could not | could not send message |
  cannot send message | permanent delivery | warning: message | user unknown | message status - undeliver |
  postmaster notify | errors from | message delivery | email not sent | wurde nicht zugestellt |
  unzustellbar | nicht zugestellt | zustellung fehlgeschlagen | non remis | échec | non distribu |
  no entregado | no se puede entregar | não entregue | não pôde ser | non recapitabile | mancato recapito |
  onbestelbaar | niet bezorgd | niedostarczon | nie dostarczono | kunde inte levereras |
  går inte att leverera | kunne ikke leveres | toimittaminen epäonnistui | недоставлен | не доставлен |
  недоставка | teslim edilemedi | iletilemedi | لم يتم التسليم | غير قابل للتسليم | 退信 | 系统退信 | 投递失败 |
  无法送达 | 未送达 | 无法投递 | 未傳遞 | 無法傳遞 | 退件 | 配信不能 | 配信できません | 送信できません | 届けられません | 送信エラー | 返送 | 반송 | 배달 실패 |
  전송 실패 | 배달되지 않음
`

/** In the text itself, above the returned mail. */
export const bounceSentences = phrases`
  i wasn't able to deliver your message | this is the qmail | could not be delivered |
  couldn't be delivered | cannot be delivered | unable to deliver | was not delivered |
  has not been delivered | not been able to deliver | did not reach the following recipient |
  error delivering your mail | had delivery errors | had delivery problems | had permanent fatal errors |
  had transient non-fatal errors | transcript of session follows | delivery to the following recipient |
  delivery failed for | delivery failed to | error message below | failure reasons |
  invalid final delivery userid | trouble delivering your message | rejected recipient | undeliverable |
  message could not be sent | error has occurred while attempting to deliver |
  error occurred while trying to deliver | account is disabled | message is delayed | has been delayed |
  following addresses failed | address failed | groups.google.com/support | could not send your message |
  could not be delivered to mobile | message non-deliverable | you are not a member of this mailing list |
  not member article | loop back warning | duplicated message-id | recipients were affected |
  rejected by a remote mail server | has been frozen | the following recipients | 送信できませんでした | 配信できませんでした |
  送信に失敗 | 届けることができません | 見つかりません | 退信 | 无法发送 | 无法送达 | 未能送达 | 被退回 | 投递失败 | не может быть доставлено |
  не доставлено | konnte nicht zugestellt | n'a pas pu être | no se pudo entregar | 배달하지 못했습니다 | 전송하지 못했습니다
`
