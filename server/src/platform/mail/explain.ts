import fs from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Mail, saidIn } from './mail.ts'
import { openReader, type Reader } from './reader.ts'

// Read ahead while the process works; the lines still come in the order asked for.
const atOnce = 16

/**
 * Says of each file of mail what Afar makes of it, one line of JSON each in the order given; `-` is the
 * standard input. Answers 1 when any could not be read. Nothing is stored and nobody is asked.
 */
export async function explainMails(
  files: readonly string[],
  { input, print }: { input: Readable; print(line: string): void },
): Promise<number> {
  const reader = openReader()
  const lines: Promise<object>[] = []
  let code = 0
  try {
    for (let n = 0; n < files.length; n += 1) {
      while (lines.length < Math.min(files.length, n + atOnce))
        lines.push(explain(reader, files[lines.length]!, input))
      const line = await lines[n]!
      if ('error' in line) code = 1
      print(JSON.stringify(line))
    }
    return code
  } finally {
    await reader.stop()
  }
}

async function explain(reader: Reader, file: string, input: Readable): Promise<object> {
  try {
    if (file === '-') return told(file, await reader.read({ bytes: await buffer(input) }))
    const { size } = await fs.stat(file)
    return told(file, await reader.read({ path: file }, { size }))
  } catch (error) {
    const { code = 'unknown', message } = error as Error & { code?: string }
    return { file, error: { code, message } }
  }
}

const told = (file: string, mail: Mail) => ({
  file,
  from: mail.from,
  to: mail.to,
  cc: mail.cc,
  subject: mail.subject,
  date: mail.date,
  receivedAt: mail.receivedAt,
  text: mail.text,
  said: saidIn(mail.segments),
  segments: mail.segments,
  language: mail.language,
  attachments: mail.attachments.map(({ name, type, size, sha256, isInline }) => ({
    name,
    type,
    size,
    sha256,
    isInline,
  })),
  thread: { messageId: mail.messageId, inReplyTo: mail.inReplyTo, references: mail.references },
  authentication: mail.authentication,
  automatic: mail.automatic,
  report: mail.report && {
    kind: mail.report.kind,
    recipients: mail.report.recipients.map(recipient => ({
      address: recipient.address,
      status: recipient.status,
      replyCode: recipient.replyCode,
      class: recipient.class,
      reason: recipient.reason,
    })),
    original: mail.report.original,
  },
  findings: mail.findings,
  html: mail.html !== null,
})
