import { describe, expect, test } from 'vitest'
import { mail } from '../../../test/mails.ts'
import { findAutomatic, mayAnswerAutomatically } from './automatic.ts'
import { readReport } from './reports.ts'
import { takeApart } from './structure.ts'

async function automaticOf(headers: Record<string, string>) {
  const letter = await takeApart(
    mail({ From: 'Jane <jane@b.example>', Subject: 'Help', ...headers }, 'Hello\r\n'),
  )
  return findAutomatic(letter, readReport(letter))
}

describe('a mail of a machine', () => {
  test.each([
    ['auto_replied', { 'Auto-Submitted': 'auto-replied (vacation)' }],
    ['auto_replied', { 'X-Autorespond': 'Away' }],
    ['auto_replied', { Subject: 'Automatische Antwort: Ihre Bestellung' }],
    ['auto_replied', { Subject: '=?utf-8?b?6Ieq5Yqo5Zue5aSNOiDmgqjlpb0=?=' }],
    ['auto_replied', { Subject: '[부재중] 문의' }],
    ['auto_replied', { Subject: 'Out of Office: away', 'Return-Path': '<>' }],
    ['auto_generated', { 'Auto-Submitted': 'auto-generated' }],
    ['auto_generated', { 'Auto-Submitted': 'auto-notified; owner-email="a@b"' }],
    ['auto_generated', { 'Return-Path': '<>' }],
    ['auto_generated', { 'X-Loop': 'tickets@b.example' }],
    ['auto_generated', { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }],
    ['auto_generated', { From: 'MAILER-DAEMON@b.example' }],
    ['list', { 'List-Id': '<users.b.example>' }],
    ['list', { Precedence: 'list' }],
    ['bulk', { Precedence: 'bulk' }],
    ['bulk', { Precedence: 'Junk' }],
    ['bulk', { 'List-Unsubscribe': '<https://b.example>' }],
    ['bulk', { 'Feedback-ID': '1:2:3' }],
    ['report', { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' }],
  ])('is %s by %j', async (kind, headers) => {
    expect(await automaticOf(headers as unknown as Record<string, string>)).toBe(kind)
  })

  test.each([
    [{}],
    [{ 'Auto-Submitted': 'no' }],
    [{ From: 'no-reply@b.example' }],
    [{ From: 'postmaster@b.example' }],
    [{ 'X-Auto-Response-Suppress': 'OOF' }],
    [{ Subject: 'Re: out of office chairs' }],
    [{ Subject: 'Question about Automatic reply: settings' }],
    [{ Precedence: 'first-class' }],
    [{ 'Return-Path': '<jane@b.example>' }],
  ])('is not one with %j', async headers => {
    expect(await automaticOf(headers as Record<string, string>)).toBeNull()
  })
})

describe('a robot answers', () => {
  const jane = { name: 'Jane', address: 'jane@b.example' }
  const written = { automatic: null, returnPath: 'jane@b.example', from: jane, replyTo: [] }

  test('what a person wrote', () => {
    expect(mayAnswerAutomatically(written)).toBe(true)
    expect(mayAnswerAutomatically({ ...written, returnPath: null })).toBe(true)
    expect(mayAnswerAutomatically({ ...written, replyTo: [{ name: '', address: 'noreen@b.example' }] })).toBe(
      true,
    )
  })

  test('no machine, no list and nobody without an address', () => {
    expect(mayAnswerAutomatically({ ...written, automatic: 'auto_replied' })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, automatic: 'list' })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, returnPath: '' })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, returnPath: 'mailer-daemon@b.example' })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, from: null })).toBe(false)
  })

  test.each([
    ...[
      'no-reply',
      'noreply',
      'no.reply',
      'No_Reply',
      'noreply+42',
      'donotreply',
      'do-not-reply',
      'dontreply',
      'service-noreply',
    ],
    ...[
      'nepasrepondre',
      'nicht-antworten',
      'no-responder',
      'mailer-daemon',
      'postmaster',
      'users-request',
      'users-bounces',
      'bounces',
    ],
  ])('never %s, neither as sender nor where answers should go', local => {
    const robot = { name: '', address: `${local}@b.example` }
    expect(mayAnswerAutomatically({ ...written, from: robot })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, from: robot, replyTo: [jane] })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, replyTo: [robot] })).toBe(false)
    expect(mayAnswerAutomatically({ ...written, replyTo: [jane, robot] })).toBe(false)
  })
})
