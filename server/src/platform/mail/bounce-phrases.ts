import { phrases } from './phrases.ts'

type Phrases = readonly (readonly [reason: string, phrases: readonly string[]])[]

const meaning = (reason: string) => (text: TemplateStringsArray) => [reason, phrases(text)] as const

/**
 * What servers write when they refuse a mail, as words in lower case that stand in this order within a sentence
 * (`*` between them), and the reason they mean. Read from the first to the last reason: what is said exactly
 * stands before what many say. Facts from the servers' own documentation, from bounces kept by the sisimai
 * project (BSD-2) and from RFC 5321 and 3463.
 */
export const verifiedAt = '2026-11-22'

export const exactPhrases: Phrases = [
  meaning('auth_failure')`
    dmarc | spf check failed | spf record | bad spf | spf fail | spf validation | spf: * not allowed |
    per * spf | spf.pobox.com | spf settings | dkim * fail | dkim * not pass | failed dkim |
    does not have authentication information | fails to pass authentication | unauthenticated email |
    authentication requirements | is not authenticated | not authorized to send from |
    not allowed to send mail from | sender policy framework | arc seal | sender id * fail |
    did not pass authentication | email authentication | 550-5.7.26 | envelopedomain | is not designated |
    authentication checks | sendersderivedfromspf
  `,
  meaning('require_ptr')`
    ptr record | dns ptr | no ptr | missing ptr | reverse dns | reverse lookup | reverse hostname | rdns |
    cannot find your hostname | cannot find your reverse | ip name lookup failed |
    client host rejected: cannot find | cannot resolve your address | unresolvable relay host |
    no matches to nameserver query | ip address * does not resolve | matching forward and reverse |
    no * dns * for your ip
  `,
  meaning('mailbox_full')`
    mailbox full | mailbox is full | mailbox * full | inbox is full | mail box full | full mailbox |
    over quota | overquota | over-quota | over the quota | quota exceeded | exceeded * quota |
    exceeds * quota | exceeding * quota | quota violation | quota usage | quota limit |
    over the allowed quota | over * disk quota | out of storage | not enough storage | storage quota |
    storage allocation | maximum allowed storage | mailbox size limit | disk space limit |
    mailbox has exceeded | mailbox exceeded | exceeded * mailbox | does not have enough space |
    not enough space | no space left on device * mailbox | too much mail data | exceeding receiving limits |
    mailfolder is full | mail folder is full | is overstocked | overquotatemp | overquotaperm |
    boite du destinataire pleine | boîte * pleine | user is over | account is full | mailbox would exceed |
    space has been used up | too many messages on the server | maildir * quota | storedrv.deliver * quota |
    メールボックス * 容量 | 容量を超え | メールボックスがいっぱい | 邮箱已满 | 空间不足 | 郵箱已滿 | 사서함 * 초과 | переполнен | postfach * voll |
    buzón * lleno | buzon lleno | casella * piena | caixa * cheia | boîte aux lettres * pleine
  `,
  meaning('system_full')`
    not enough free space
  `,
  meaning('message_too_big')`
    mail size limit exceeded | maximum size the user accepts | message too big | message too large |
    message size exceeds | message is too large | message exceeds | message file too big |
    exceeds fixed maximum message size | exceeds maximum message size | maximum message size |
    size limit exceeded * message | message length exceeds | exceeded maximum inbound message size |
    message header size exceeds | size of this message | larger than * allowed | is too big |
    mail * too large | exceeds * size limit | file size exceeds | size (* bytes) exceeds | 邮件过大 | 超过 * 大小 |
    サイズ * 超え
  `,
  meaning('too_fast')`
    sent to too many recipients | sending rate | sending too fast | too fast |
    too many recipients this hour | deferred due to excessive | mail sent * too quickly | throttl |
    message rate limit | sending rate limit | rate limited | receiving mail at a rate |
    receiving mail too quickly | slow down | send limit | sending limit | daily limit | frequency limit |
    frequency limited | exceeded * hour | mails per hour | unusual rate | too many messages * slow |
    exceeded the rate | try again later * too many
  `,
  meaning('too_many_connections')`
    too many connections | too many concurrent | connection rate limit | connection limit |
    too many simultaneous | concurrent connection | maximum number of connections | too many sessions |
    max connections | too many smtp sessions | too many recipients | connections from your host |
    too many mail | too many errors | all available ips are at maximum connection |
    many messages per connection
  `,
  meaning('blocked')`
    spamhaus | spamcop | dnsbl | .rbl | /rbl | rbl | blocked using | banned sending ip | block list |
    blocklist | blacklisted by | sorbs | barracudacentral | is blacklisted
  `,
  meaning('bad_reputation')`
    reputation | user complaints | unexpected volume | [tss0 | senderscore | sender score |
    likely suspicious due to | ptr record * generic | poor reputation |
    unsolicited * originating from your ip
  `,
  meaning('virus_detected')`
    virus | malware | infected | trojan
  `,
  meaning('policy_violation')`
    potential security issue | presents a potential | policy violation | violates * policy |
    violation of policy | prohibited by policy | local policy | policy reasons | due to policy |
    for policy reason | policy rejection | mail policy | against * policy | suspicious attachment |
    attachment * not allowed | attachment * blocked | disallowed attachment | file type * not allowed |
    security policies | you have exceeded the maximum number | protocol violation | denied by policy |
    blocked by policy | closed mailing list | you are not allowed to | delivery restriction |
    restricted by * administrator | rejected due to content policy | message bounced by administrator |
    transport.rules.rejectmessage | administrative prohibition
  `,
  meaning('spam_detected')`
    spam | unsolicited | junk mail | bulk mail | content rejected | mail rejete | rejected as unwanted |
    message rejected * content | refused due to content | blocked because of content |
    identified as * bulk | looks like phishing | phishing | spamassassin | bogofilter |
    rejected by content filter | 垃圾邮件 | 迷惑メール | surbl | url * blacklist | message contains * link |
    high probability | #5.7.1 smtp; 550 message rejected
  `,
  meaning('no_relaying')`
    smtp relay error | relaying denied | relay access denied | relay denied | relay not permitted |
    relaying not | not permitted to relay | unable to relay | relaying prohibited | relay prohibited |
    we do not relay | insecure mail relay | open relay | mail relay | no relaying | relaying is |
    not a gateway | that domain isn't in my list of allowed rcpthosts | domain isn't allowed to be relayed |
    isn't in my list of allowed | will not relay | recipient not allowed to be relayed |
    is not local or gateway | relaying mail to | not relay for | relaying to
  `,
  meaning('has_moved')`
    has been replaced by | recipient no longer on server | has moved | no longer at this |
    address has changed | address changed | new address is | user has left | no longer with |
    no longer works | no longer employed | please update your address book
  `,
  meaning('suspended')`
    account is temporarily limited | administratively disabled | administrativley disabled |
    account is disabled | account * disabled | mailbox disabled | mailbox is disabled | is a deactivated |
    deactivated | account * suspended | user suspended | mailbox * suspended | recipient suspend |
    suspended account | account is locked | account * locked | temporarily locked | inactive user |
    invalid/inactive | account inactive | is inactive | mailbox inactive | mailbox is frozen |
    mailbox frozen | boite du destinataire archivee | account * closed | disabled or discontinued |
    account * deactivat | account has expired | not been collected | mailbox unavailable or access denied |
    recipient is disabled | user disabled | disableduser | 停用 | 账号已被禁用 | заблокирован
  `,
  meaning('not_accepted')`
    indicated no smtp service | null mx | does not accept mail | does not accept any |
    doesn't receive email | domain does not accept | host/domain does not accept | does not receive mail |
    not accepting network messages | not currently accepting | no smtp service here |
    recipient domain does not accept | smtp protocol returned a permanent error | nullmx
  `,
  meaning('expired')`
    could not be delivered for * days | could not be delivered for * hours
  `,
  meaning('blocked')`
    client host * blocked | blocked using | blacklist | black list | blocklist | block list | blocked by |
    barracuda | your ip | ip address * blocked | sender ip | ip * is blocked | is in an * list | listed at |
    use the smtp server of your isp | my name was rejected | invalid helo | helo command rejected |
    bad helo | helo name | ehlo * rejected | client host rejected | not like our helo |
    not allowed to connect | connection refused by | connection dropped | connection reset |
    connection was dropped | go away | dynamic ip | dynamic * address | we do not accept mail from |
    hosts with dynamic | access from * denied | no access from | refused to talk to me |
    access denied, banned | access denied, sending | greylist | graylist | grey list |
    requires confirmation | invalid domain name | bad sender ip | network is * blocked |
    mail server * blocked | temporarily deferred
  `,
  meaning('rejected')`
    sender address rejected | sender rejected | sender address * rejected | sender * denied |
    sender verify failed | sender domain | domain of sender | invalid sender | sender invalid | sender not |
    sender was rejected | mail from * not accepted | mailfrom | unroutable sender | sender * not exist |
    not a registered gateway user | all recipient addresses rejected |
    access denied (in reply to mail from | did not like our mail from | not a member of this mailing list |
    reject spammers | null sender | empty envelope sender | backscatter | not member article |
    by non-member | reject mail from | has an outgoing mail suspension | purported responsible |
    fully qualified | from address | emetteur invalide | returned mail not accepted | rejected the sender |
    bad sender | you are not allowed to post | groups.google.com/support | group * may not exist |
    you may not have permission to post | sender has been | sender is on
  `,
  meaning('filtered')`
    due to recipient preferences | refuse to receive | refuses to receive | user reject | user rules |
    message filtered | account is protected | blocked by the recipient | restricted sms |
    only accepting mail from | is not accepting any mail | is not accepting mail | header error |
    rejected by recipient | recipient rejected the | not found recipient account | 550 : user unknown |
    受信拒否 | user preference
  `,
  meaning('host_unknown')`
    all host address lookups failed | point to non-existent hosts | domain doesnt exist |
    answer with no data | host unknown | unknown host | host not found | host * not found |
    domain not found | domain name not found | domain * does not exist | domain must exist |
    no such domain | name or service not known | unrouteable address | unrouteable mail domain |
    unroutable address | no such host | nxdomain | domain is not reachable | invalid domain |
    illegal host/domain | bad destination host | unknown domain | bad destination system |
    name service error * host not found | couldn't find any host | cannot find * domain |
    dns domain * does not exist | recipient's domain | no mail hosts for domain | no mx or a |
    mail domain mentioned | hostname not found | domain couldn't be found | domain could not be found |
    host or domain
  `,
]

/**
 * No such mailbox, as an SMTP server replies. Said after DATA, or by somebody who tells neither a status nor the
 * command, it is as likely a filter of the recipient's.
 */
export const noSuchUser = phrases`
  user unknown | unknown user | unknown recipient | unknown address | unknown local | unknown mailbox |
  unknown email | unknown e-mail | recipient unknown | address unknown | unknown or illegal |
  unknown virtual | no such user | no such recipient | no such mailbox | no such address | no such person |
  no such account | no such local user | no such email | does not exist | doesn't exist | not exist |
  non-existent | nonexistent | non existent | user not found | recipient not found | mailbox not found |
  address not found | account not found | not found | user * not found | could not be found |
  couldn't be found | wasn't found | was not found | mailbox unavailable | mailbox is unavailable |
  mailbox not available | user unavailable | account unavailable | mailbox not present | no mailbox |
  no account | no valid recipients | not a valid | not a known user | not known | invalid recipient |
  recipient invalid | invalid address | invalid user | invalid mailbox | invalid email | bad recipient |
  bad address | bad destination | badrcptto | recipient rejected | rejected recipient |
  recipients rejected | recipient address rejected: access denied | recipient address rejected: invalid |
  recipient * was rejected | not our customer | not local | no one at this address | nobody here |
  user doesn't have | doesn't have * account | does not have an account | is not a valid |
  is not an active | email address is wrong | mailbox * does not | not active | no longer valid |
  no longer available | no longer accepts | no longer in use | not listed in | resolver.adr |
  recipnotfound | nosuchuser | can't accept user | archived recipient | cannot be delivered. this account |
  adresse * invalide | no existe | inexistente | não existe | inexistant | nicht gefunden | unbekannt |
  non esiste | не существует | не найден | нет такого | 用户不存在 | 收件人不存在 | 无效的收件 | 無此 | 不存在 | 見つかりません |
  存在しません | 없는 | 존재하지 | bestaat niet | nie istnieje | finns inte | introuvable
`

/** The same by a server that looked into its own directory: it knows. */
export const notInDirectory = phrases`
  no valid recipients for this mm | no mailbox here by that name | user doesn't have a | user not found |
  not listed in | recipient name is not recognized | invalid final delivery userid |
  ディレクトリ | domino directory | address directory | name directory | in directory | directory ( |
  no such recipient in | unable to deliver message to < | name server: recipient | not listed in domino |
  not found in | unknown local user | resolver.adr.recipnotfound | the e-mail account does not exist |
  email account that you tried to reach does not exist | user does not exist at |
  no such mail drop defined | invalid/unknown
`

/** Said in passing of an unknown user too, or at the end of any report: they count after the words above. */
export const vaguePhrases: Phrases = [
  meaning('system_full')`
    insufficient disk | insufficient system storage | no space left on device | mail system full |
    exceeded storage | not enough disk | disk full | out of disk | insufficient storage
  `,
  meaning('mailer_error')`
    unknown mailer error | mailer error | command failed | command died | command output |
    local delivery failed | pipe to | x-unix; 255 | x-unix; 127 | procmail | service unavailable" |
    died by signal | exit status | generated by | | lda failed
  `,
  meaning('content_error')`
    headers too large | header size | malformed | improper use of 8-bit | mime error | bad mime |
    contains invalid | duplicate header | invalid header | missing header | without header |
    too many hops * received | not rfc | rfc 5322 | rfc5322 | rfc 2822 | bare lf | bare linefeed |
    media not supported | charset | illegal attachment | line too long | conversion
  `,
  meaning('network_error')`
    find a mail exchanger or ip address | best-preference mx | establish an smtp connection |
    too many hops | hop count | mail loop | mail forwarding loop | loops back to myself | routing loop |
    loop detected | had no relevant answers | no route to host | network is unreachable | network error |
    malformed or unexpected name server reply | maximum forwarding loop | unable to resolve route |
    dns timeout | lookup failure | lost connection | connection to mail host | unable to connect |
    could not connect | host is unreachable | no server available | loop! | cname lookup failed
  `,
  meaning('security_error')`
    authentication required | authentication failed | authentication failure | unauthenticated senders |
    must authenticate | not authorized | unauthorized | authorization failed | tls required | starttls |
    must issue | encryption | certificate | account subscription | not authenticate | login required |
    security error | delivery not authorised | verification failed | insufficient security
  `,
  meaning('expired')`
    envelope expired | queue too long | message expired | delivery expired | only a temporary failure report
  `,
  meaning('system_error')`
    loop back warning | duplicated message-id | delivery to file forbidden | delivery to pipe forbidden |
    insufficient permission | permission denied | i/o error | input/output error | internal error |
    internal server error | could not load | queue file write error | local error | local configuration |
    misconfigur | server configuration | can't create | cannot create | can't open | system error |
    temporary failure | temporary error | temporarily unavailable | resources temporarily | service refuse |
    try again later | timed out while | unable to process | database error | ldap | out of memory |
    aliases * error | service currently unavailable | unexpected failure | proxy error | server error |
    address family | bad file
  `,
  meaning('expired')`
    could not contact dns servers | did not accept our requests to connect | was not delivered within |
    has been frozen | was frozen | all hosts have been failing | delay reason | connection timed out |
    timed out | time expired | delivery expired | envelope expired | retry time not reached |
    in the queue too long | queue too long | too old | giving up | has been delayed | delivery * delayed |
    could not be delivered for | not been able to deliver | could not deliver for the last |
    will be retried | still undelivered | will keep trying | after * tries | within the allowed queue |
    expired after | connection refused | deferred | message is delayed | did not respond | delivery time |
    not yet been delivered | retry timeout exceeded | has been in the queue | delayed
  `,
]
