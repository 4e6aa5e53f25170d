import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import type { StoredContent } from '../file-store.ts'
import { readImage } from '../images.ts'
import { isMail, openBodyJudge } from './bodies.ts'
import { decodeBytes } from './charsets.ts'
import { type Head, openSplitter, type Piece } from './delimiters.ts'
import { headerOf } from './headers.ts'
import type { Letter, Part } from './mail.ts'
import { readParameters } from './parameters.ts'
import { openTransferDecoder, type TransferDecoder } from './transfer.ts'

/** `keep` stores what is a file and answers what it stored; absent, files are only counted and hashed. */
export type Door = { keep?: ((content: Readable) => Promise<StoredContent>) | undefined }

/**
 * A raw mail to its headers and leaf parts, in one pass and one piece after another: of a file no more than a
 * piece is in memory. A broken mail gives what there is and says so in `findings`; only its source or `keep`
 * can fail.
 */
export async function takeApart(source: Readable | Buffer, door: Door = {}): Promise<Letter> {
  const splitter = openSplitter()
  const parts: Taken[] = []
  const room = { text: mostTextInAll }
  const judge = openBodyJudge()
  let open: OpenPart | null = null

  const take = async (pieces: Generator<Piece>) => {
    for (const piece of pieces) {
      if (piece.kind === 'head') open = openPart(piece.head, judge, door, room)
      else if (piece.kind === 'body') {
        const waiting = open!.write(piece.bytes)
        if (waiting) await waiting
      } else {
        const part = await open!.end()
        if (!part.isPreamble || part.text?.trim()) parts.push(part)
        open = null
      }
    }
  }
  try {
    for await (const bytes of piecesOf(source)) await take(splitter.read(bytes))
    await take(splitter.end())
  } catch (error) {
    ;(open as OpenPart | null)?.abandon(error as Error)
    throw error
  }

  const real = parts.filter(part => !part.isPreamble)
  const isOnlyPreamble = real.length === 0 && parts.length > 0
  if (isOnlyPreamble) splitter.findings.add('boundary_missing')
  const kept = isOnlyPreamble ? parts : real
  for (const { findings } of kept) for (const finding of findings) splitter.findings.add(finding)
  return {
    headers: splitter.headers,
    parts: kept.map(({ isPreamble, findings, ...part }) => part),
    findings: [...splitter.findings],
  }
}

const pieceBytes = 64 * 1024

async function* piecesOf(source: Readable | Buffer) {
  if (!Buffer.isBuffer(source)) yield* source as AsyncIterable<Buffer>
  else for (let at = 0; at < source.length; at += pieceBytes) yield source.subarray(at, at + pieceBytes)
}

type Taken = Part & { isPreamble: boolean; findings: string[] }

type OpenPart = {
  /** A promise only where what keeps it has no room. */
  write(bytes: Buffer): Promise<void> | undefined
  end(): Promise<Taken>
  abandon(error: Error): void
}

const mostText = 2 * 1024 * 1024
/** Enough for the headers and first words of a mail within a mail, and for any report. */
const mostOtherText = 256 * 1024
/** A thousand parts of text are no more than a few. */
const mostTextInAll = 8 * 1024 * 1024

function openPart(
  head: Head,
  judge: ReturnType<typeof openBodyJudge>,
  door: Door,
  room: { text: number },
): OpenPart {
  const described = describe(head)
  const kind = head.isPreamble ? 'body' : judge(described)
  const decoder = openTransferDecoder(transferEncodingOf(head))
  const text = isText(described.type) ? openText(kind === 'body' ? mostText : mostOtherText, room) : null
  const picture = kind === 'file' ? openHead() : null
  const store = kind === 'file' && door.keep ? openKept(door.keep) : openCount()

  const take = (bytes: Buffer) => {
    text?.write(bytes)
    picture?.write(bytes)
    return store.write(bytes)
  }
  return {
    write: bytes => take(decoder.read(bytes)),
    abandon: store.abandon,
    async end() {
      await take(endOf(decoder))
      const stored = await store.end()
      const { findings, ...read } = text?.read(described) ?? { text: null, findings: [] as string[] }
      if (kind === 'body' && text?.isCut()) findings.push('text_cut')
      return {
        ...described,
        ...read,
        ...stored,
        image: picture?.read() ?? null,
        isPreamble: head.isPreamble,
        findings,
      }
    },
  }
}

const endOf = (decoder: TransferDecoder) => decoder.end()

const isText = (type: string) => type.startsWith('text/') || type.startsWith('message/')

function transferEncodingOf({ headers, within, isPreamble }: Head) {
  const encoding = headerOf(headers, 'content-transfer-encoding') ?? ''
  const word = /^["\s]*([\w-]+)/.exec(encoding)?.[1]?.toLowerCase() ?? ''
  // A multipart is never encoded, whatever it says (RFC 2045, 6.4); its preamble neither.
  return isPreamble && within.length > 0 ? '' : word
}

function describe({
  value,
  parameters,
  headers,
  within,
}: Head): Omit<Part, 'text' | 'size' | 'sha256' | 'image'> {
  const { value: said, parameters: of } = readParameters(rawOf(headers, 'content-disposition'))
  const disposition = said === 'inline' || said === 'attachment' ? said : said === '' ? null : 'attachment'
  const name = of.filename || parameters.name || of.name || null
  const contentId = headerOf(headers, 'content-id')
  return {
    type: usableType(value, name !== null || disposition === 'attachment'),
    parameters,
    disposition,
    name,
    contentId: contentId?.replace(/^[<\s]+|[>\s]+$/g, '') || null,
    within,
  }
}

function usableType(value: string, isFile: boolean) {
  if (/^[a-z0-9][\w!#$&^.+-]{0,99}\/[a-z0-9][\w!#$&^.+-]{0,99}$/.test(value)) return value
  if (value === 'html') return 'text/html'
  return isFile ? 'application/octet-stream' : 'text/plain'
}

const rawOf = (headers: Head['headers'], name: string) =>
  headers.find(header => header.name.toLowerCase() === name)?.raw.replace(/[\r\n]+[ \t]?/g, ' ') ?? ''

function openText(mostOfPart: number, room: { text: number }) {
  const mostBytes = Math.max(0, Math.min(mostOfPart, room.text))
  const pieces: Buffer[] = []
  let size = 0
  let isFull = false
  return {
    write(bytes: Buffer) {
      if (size + bytes.length > mostBytes) isFull = true
      // Copied, since a piece of a mail kept as it lies keeps the whole of its 64 KB.
      const taken = Buffer.from(bytes.subarray(0, mostBytes - size))
      if (taken.length > 0) pieces.push(taken)
      size += taken.length
      room.text -= taken.length
    },
    isCut: () => isFull,
    read({ type, parameters }: Pick<Part, 'type' | 'parameters'>) {
      const bytes = Buffer.concat(pieces)
      const label = isMail(type)
        ? null
        : (parameters.charset ?? (type === 'text/html' ? charsetOfHtml(bytes) : null))
      const { text, guessed } = decodeBytes(bytes, label || null)
      const findings = guessed && !isMail(type) ? ['charset_guessed'] : []
      return { text: text.startsWith('\ufeff') ? text.slice(1) : text, findings }
    },
  }
}

/** What a page says of itself where the mail says nothing of it. */
const charsetOfHtml = (bytes: Buffer) =>
  /charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i.exec(bytes.toString('latin1', 0, 1024))?.[1] ?? null

// The frame header of a photograph comes after its metadata, which are seldom larger than this.
const headBytes = 256 * 1024

/** The beginning of what may be a picture, for its size. */
function openHead() {
  let head: Buffer = Buffer.alloc(0)
  let isPicture = true
  return {
    write(bytes: Buffer) {
      if (!isPicture || head.length >= headBytes) return
      head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)])
      if (head.length >= 4)
        isPicture = /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF)/.test(head.toString('latin1', 0, 4))
    },
    read: () => (isPicture ? readImage(head) : null),
  }
}

type Store = {
  write(bytes: Buffer): Promise<void> | undefined
  end(): Promise<StoredContent>
  abandon(error: Error): void
}

function openCount(): Store {
  const hash = createHash('sha256')
  let size = 0
  return {
    write(bytes) {
      hash.update(bytes)
      size += bytes.length
      return undefined
    },
    end: async () => ({ sha256: hash.digest('hex'), size }),
    abandon: () => {},
  }
}

function openKept(keep: NonNullable<Door['keep']>): Store {
  const content = new PassThrough()
  content.on('error', () => {})
  const kept = keep(content)
  // It may fail long before its end is waited for.
  kept.catch(error => content.destroy(error))
  return {
    write(bytes) {
      if (bytes.length === 0 || content.write(bytes)) return undefined
      return Promise.race([once(content, 'drain'), kept]).then(() => {})
    },
    end: () => {
      content.end()
      return kept
    },
    abandon: error => content.destroy(error),
  }
}
