import type { Part } from './mail.ts'

type Described = Pick<Part, 'type' | 'disposition' | 'name' | 'within'>

/**
 * Says of a mail's parts, given in their order, which are its text; all others are files. Apple Mail sends
 * files of text inline, so what has a name is one unless nothing was said yet. A mail that is one part of
 * text is text, whatever it calls itself.
 */
export function openBodyJudge() {
  let isAnySaid = false
  return (part: Described): 'body' | 'file' | 'machine' => {
    if (isOfReport(part)) return 'machine'
    const isText = texts.has(part.type)
    const isBody =
      isText &&
      (part.within.length === 0 ? part.name === null || part.disposition !== 'attachment' : isInText(part))
    if (isBody) isAnySaid = true
    return isBody ? 'body' : 'file'
  }

  function isInText({ disposition, name, within }: Described) {
    if (disposition === 'attachment') return false
    return name === null || !isAnySaid || within.at(-1) === 'multipart/alternative'
  }
}

const texts = new Set([
  'text/plain',
  'text/html',
  'text/enriched',
  'text/richtext',
  'text/x-amp-html',
  'text/watch-html',
])

/** What a machine wrote for a machine (RFC 3462); the mail it is about is a file all the same. */
const isOfReport = ({ type, within }: Described) =>
  within.includes('multipart/report') && type.startsWith('message/') && !isMail(type)

export const isMail = (type: string) => ['message/rfc822', 'message/global', 'message/news'].includes(type)
