import fs from 'node:fs'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sanitiseMail } from '../server/src/platform/mail/html.ts'
import { openReader } from '../server/src/platform/mail/reader.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure } from './figure.ts'
import { newFolder } from './house.ts'
import { residentWithReaders } from './server-process.ts'
import { median } from './statistics.ts'

const mb = 1024 * 1024

/** What one large mail costs the process that reads it, and how reading grows with the mail. */
export async function mailSize({ say }: Bench): Promise<Figure[]> {
  const folder = newFolder()
  const file = path.join(folder, 'large.eml')
  writeWithAttachment(file, 50)
  const reader = openReader({ filesDir: path.join(folder, 'files') })
  const small = path.join(folder, 'small.eml')
  writeWithAttachment(small, 1)
  await reader.read({ path: small })
  const before = residentWithReaders(process.pid)
  let most = before
  const watching = setInterval(() => {
    most = Math.max(most, residentWithReaders(process.pid))
  }, 20)
  const loop = monitorEventLoopDelay({ resolution: 5 })
  loop.enable()
  const began = performance.now()
  const mail = await reader.read({ path: file }, { size: 50 * mb })
  const took = performance.now() - began
  loop.disable()
  clearInterval(watching)
  if ((mail.attachments[0]?.size ?? 0) < 49 * mb)
    throw new Error('The file of the large mail did not come whole.')

  const times = []
  for (const size of [0.25, 0.5, 1, 2]) times.push(await timeToRead(reader, withText(size * mb)))
  await reader.stop()
  const slope = (Math.log(times[3]!) - Math.log(times[0]!)) / Math.log(8)

  const html = `<html><body>${'<table><tr><td style="color:red"><a href="https://x.example/?a=1">link</a> <b>text</b></td></tr></table>'.repeat(9_500)}</body></html>`
  const sanitising = performance.now()
  sanitiseMail(html.slice(0, mb))
  const sanitised = performance.now() - sanitising
  say(
    `50 MB in ${(took / 1_000).toFixed(1)} s; text of ¼, ½, 1, 2 MB: ${times.map(ms => `${ms.toFixed(0)} ms`).join(', ')}`,
  )
  return [
    absolute('mail of 50 MB, memory beside its size', (most - before) / (50 * mb), 'times', { atMost: 4 }),
    absolute('mail of 50 MB, longest stall of the event loop', loop.max / 1e6, 'ms', { atMost: 100 }),
    absolute('mail, growth of reading time with size', slope, 'exponent', { atMost: 1.2 }),
    absolute('HTML of 1 MB, sanitised or given up', sanitised / 1_000, 's', { atMost: 2 }),
  ]
}

type Reader = ReturnType<typeof openReader>

async function timeToRead(reader: Reader, raw: Buffer) {
  const took: number[] = []
  for (let n = 0; n < 3; n++) {
    const began = performance.now()
    await reader.read({ bytes: Buffer.from(raw) })
    took.push(performance.now() - began)
  }
  return median(took)
}

/** Written in pieces, so that what is measured is not the mail in our own hands. */
function writeWithAttachment(file: string, megabytes: number) {
  const out = fs.openSync(file, 'w')
  fs.writeSync(
    out,
    'From: a@far.test\r\nTo: help@h.test\r\nSubject: Large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  )
  const line = `${Buffer.alloc(57, 7).toString('base64')}\r\n`
  const piece = line.repeat(Math.floor(mb / 57))
  for (let n = 0; n < megabytes; n++) fs.writeSync(out, piece)
  fs.writeSync(out, '\r\n--b--\r\n')
  fs.closeSync(out)
}

const withText = (size: number) =>
  Buffer.from(
    `From: a@far.test\r\nTo: help@h.test\r\nSubject: Long\r\n\r\n${'The quick brown fox asks where its parcel is.\r\n'.repeat(size / 48)}`,
  )
