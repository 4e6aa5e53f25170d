import { describe, expect, test } from 'vitest'
import type { Channel } from '../api.ts'
import { presetFor, presets } from './presets.ts'
import { credentialsOf, type MailSettings, settingsOf, valuesOf } from './settings.ts'

const settings: MailSettings = {
  address: 'help@shop.example',
  senderName: '',
  aliases: [],
  imap: { host: 'imap.shop.example', port: 993, security: 'tls', user: null, folder: 'INBOX' },
  smtp: { host: 'smtp.shop.example', port: 587, security: 'starttls', user: 'post' },
  auth: 'password',
  oauthIssuer: null,
  oauthClientId: '',
  afterwards: 'keep',
  moveTo: null,
  historyDays: 30,
  liveDays: 3,
  sentFolder: null,
  plusAddressing: false,
  trustedServers: [],
  signature: '',
  dkim: null,
  teamId: null,
  acknowledge: false,
  undoSeconds: 10,
  reopenDays: 30,
  maxBytes: 60_000_000,
}
const channel = (over: Partial<MailSettings> = {}) =>
  ({ name: 'Help', settings: { ...settings, ...over } }) as unknown as Channel

describe('the settings of a mailbox', () => {
  test('are saved as they were read where nobody changed them', () => {
    const { maxBytes, ...shown } = settings
    expect(settingsOf(valuesOf(channel()))).toEqual(shown)
  })

  test('of one that only gets forwarded mail name no server to fetch from', () => {
    const values = valuesOf(channel())
    expect(settingsOf({ ...values, receives: 'forwarding' }).imap).toBeNull()
    expect(valuesOf(channel({ imap: null })).receives).toBe('forwarding')
  })

  test('forget the folder to move to when nothing is moved', () => {
    const values = valuesOf(channel({ afterwards: 'move', moveTo: 'Afar' }))
    expect(settingsOf(values).moveTo).toBe('Afar')
    expect(settingsOf({ ...values, afterwards: 'keep' }).moveTo).toBeNull()
  })

  test('sign only with both domain and selector', () => {
    const values = valuesOf(channel())
    expect(settingsOf({ ...values, dkim: { domain: 'shop.example', selector: '' } }).dkim).toBeNull()
  })
})

test('a password that was not typed again stays as it is', () => {
  const values = valuesOf(channel())
  expect(credentialsOf(values)).toBeUndefined()
  expect(credentialsOf({ ...values, credentials: { password: 'x', smtpPassword: ' ' } })).toEqual({
    password: 'x',
  })
})

describe('what is known of providers', () => {
  test('is found by the address where its domain tells', () => {
    expect(presetFor('Shop@QQ.com')?.id).toBe('qq')
    expect(presetFor('help@shop.example')).toBeUndefined()
  })

  test('never sends a password in the clear', () => {
    for (const { imap, smtp } of presets)
      expect([imap.security, smtp.security].every(security => security !== 'none')).toBe(true)
  })
})
