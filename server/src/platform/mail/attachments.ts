import { cleanFileName } from '../file-names.ts'
import { isMail, openBodyJudge } from './bodies.ts'
import { decodeWords } from './header-words.ts'
import { headerOf, readHeaders } from './headers.ts'
import type { Letter, MailAttachment, Part } from './mail.ts'

/** A mail's files, in its order. Signatures and calendars are files too; what was passed on is one with its subject for a name. */
export function attachmentsOf({ parts }: Letter, html: string | null): MailAttachment[] {
  const judge = openBodyJudge()
  const shown = contentIdsIn(html ?? '')
  return parts
    .filter(part => judge(part) === 'file')
    .map(part => {
      const image = part.image && part.image.width * part.image.height <= mostPixels ? part.image : null
      return {
        name: nameOf(part),
        type: image?.type ?? part.type,
        size: part.size,
        sha256: part.sha256,
        width: image?.width ?? null,
        height: image?.height ?? null,
        contentId: part.contentId,
        isInline: image !== null && part.contentId !== null && shown.has(part.contentId),
      }
    })
}

// As for uploads: a browser needs four bytes a pixel.
const mostPixels = 40_000_000

/** As html.ts writes them. */
function contentIdsIn(html: string) {
  const ids = html
    .split(' data-cid="')
    .slice(1)
    .map(piece => piece.slice(0, piece.indexOf('"')))
  return new Set(
    ids.map(id =>
      id.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ),
  )
}

function nameOf(part: Part) {
  if (isMail(part.type)) return mailName(part)
  return cleanFileName(part.name ?? unnamed[part.type] ?? `file${extensionOf(part.type)}`)
}

function mailName({ name, text }: Part) {
  const given = name ?? subjectIn(text ?? '') ?? 'mail'
  return cleanFileName(/\.eml$/i.test(given) ? given : `${given.slice(0, 80)}.eml`)
}

function subjectIn(source: string) {
  const end = source.search(/\r?\n\r?\n/)
  const { headers } = readHeaders(Buffer.from(source.slice(0, end < 0 ? 16_000 : end)))
  return decodeWords(headerOf(headers, 'subject') ?? '') || null
}

const unnamed: Record<string, string> = {
  'text/calendar': 'invitation.ics',
  'application/ics': 'invitation.ics',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'application/pgp-signature': 'signature.asc',
  'application/pgp-encrypted': 'version.asc',
  'application/ms-tnef': 'winmail.dat',
  'application/vnd.ms-tnef': 'winmail.dat',
}

const extensionOf = (type: string) => extensions[type] ?? ''

const extensions: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/jpg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/heic': '.heic',
  'image/svg+xml': '.svg',
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'application/json': '.json',
  'text/csv': '.csv',
  'text/vcard': '.vcf',
  'text/x-vcard': '.vcf',
  'audio/mpeg': '.mp3',
  'video/mp4': '.mp4',
}
