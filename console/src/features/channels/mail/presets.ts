import type { MailServer, MailSettings } from './settings.ts'

type Preset = {
  id: string
  /** How the provider writes itself, in either language. */
  name: { en: string; zh: string }
  /** Addresses that can be told by their domain alone. */
  domains: string[]
  imap: MailServer
  smtp: MailServer
  auth: MailSettings['auth']
  /** The password is one made for programs, not the one people sign in with. */
  needsAppPassword: boolean
  plusAddressing: boolean
  trustedServers: string[]
}

const tls = (host: string, port: number): MailServer => ({ host, port, security: 'tls', user: null })
const starttls = (host: string, port: number): MailServer => ({
  host,
  port,
  security: 'starttls',
  user: null,
})

/**
 * Collected 2026-11-22 from the providers' help pages (support.google.com/mail/answer/7126229,
 * support.microsoft.com “POP, IMAP, and SMTP settings for Outlook.com” and learn.microsoft.com for Microsoft 365,
 * service.mail.qq.com, help.mail.163.com, open.work.weixin.qq.com for Exmail, help.aliyun.com/document_detail/36687,
 * help.yahoo.com SLN4075, yandex.com/support/mail, zoho.com/mail/help/imap-access). Look again twice a year; Zoho has
 * other names outside the United States and for paying organisations (imappro.zoho.com, imap.zoho.eu …).
 */
export const presets: Preset[] = [
  {
    id: 'gmail',
    name: { en: 'Gmail, Google Workspace', zh: 'Gmail、Google Workspace' },
    domains: ['gmail.com', 'googlemail.com'],
    imap: tls('imap.gmail.com', 993),
    smtp: tls('smtp.gmail.com', 465),
    auth: 'google',
    needsAppPassword: true,
    plusAddressing: true,
    trustedServers: ['mx.google.com'],
  },
  {
    id: 'microsoft365',
    name: { en: 'Microsoft 365', zh: 'Microsoft 365' },
    domains: [],
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp.office365.com', 587),
    auth: 'microsoft',
    needsAppPassword: false,
    plusAddressing: true,
    trustedServers: [],
  },
  {
    id: 'outlook',
    name: { en: 'Outlook.com, Hotmail', zh: 'Outlook.com、Hotmail' },
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com'],
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp-mail.outlook.com', 587),
    auth: 'microsoft',
    needsAppPassword: false,
    plusAddressing: true,
    trustedServers: [],
  },
  {
    id: 'qq',
    name: { en: 'QQ Mail', zh: 'QQ 邮箱' },
    domains: ['qq.com', 'foxmail.com', 'vip.qq.com'],
    imap: tls('imap.qq.com', 993),
    smtp: tls('smtp.qq.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: false,
    trustedServers: [],
  },
  {
    id: '163',
    name: { en: 'NetEase 163', zh: '网易 163 邮箱' },
    domains: ['163.com'],
    imap: tls('imap.163.com', 993),
    smtp: tls('smtp.163.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: false,
    trustedServers: [],
  },
  {
    id: 'exmail',
    name: { en: 'Tencent Exmail', zh: '腾讯企业邮箱' },
    domains: [],
    imap: tls('imap.exmail.qq.com', 993),
    smtp: tls('smtp.exmail.qq.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: false,
    trustedServers: [],
  },
  {
    id: 'aliyun',
    name: { en: 'Alibaba Mail', zh: '阿里企业邮箱' },
    domains: [],
    imap: tls('imap.qiye.aliyun.com', 993),
    smtp: tls('smtp.qiye.aliyun.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: false,
    trustedServers: [],
  },
  {
    id: 'yahoo',
    name: { en: 'Yahoo Mail', zh: 'Yahoo 邮箱' },
    domains: ['yahoo.com', 'ymail.com', 'rocketmail.com'],
    imap: tls('imap.mail.yahoo.com', 993),
    smtp: tls('smtp.mail.yahoo.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: false,
    trustedServers: [],
  },
  {
    id: 'yandex',
    name: { en: 'Yandex Mail', zh: 'Yandex 邮箱' },
    domains: ['yandex.com', 'yandex.ru', 'ya.ru'],
    imap: tls('imap.yandex.com', 993),
    smtp: tls('smtp.yandex.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: true,
    trustedServers: [],
  },
  {
    id: 'zoho',
    name: { en: 'Zoho Mail', zh: 'Zoho 邮箱' },
    domains: ['zoho.com', 'zohomail.com'],
    imap: tls('imap.zoho.com', 993),
    smtp: tls('smtp.zoho.com', 465),
    auth: 'password',
    needsAppPassword: true,
    plusAddressing: true,
    trustedServers: [],
  },
]

export const presetFor = (address: string) => {
  const domain = address.trim().toLowerCase().split('@')[1] ?? ''
  return presets.find(({ domains }) => domains.includes(domain))
}

export const presetOf = (imapHost: string | undefined, smtpHost: string | undefined) =>
  presets.find(({ imap, smtp }) => imap.host === imapHost && (!smtpHost || smtp.host === smtpHost))
