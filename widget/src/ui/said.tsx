import type { ComponentChildren } from 'preact'

const address = /https?:\/\/[^\s<>"'`]+/g
const closing = '.,;:!?)]}\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09\u300d'

/** A person's words as they are: no markup, only addresses made to be followed. */
export function Said({ text }: { text: string }) {
  return (
    <p class={isOnlyEmoji(text) ? 'said large' : 'said'} dir="auto">
      {linked(text)}
    </p>
  )
}

export function linked(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    let end = match.index + match[0].length
    while (end > match.index && closing.includes(text[end - 1]!)) end--
    const url = text.slice(match.index, end)
    if (!URL.canParse(url)) continue
    parts.push(text.slice(from, match.index))
    parts.push(
      <a href={url} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
        {url}
      </a>,
    )
    from = end
  }
  parts.push(text.slice(from))
  return parts
}

const isOnlyEmoji = (text: string) =>
  text.length <= 24 && /^(\p{Extended_Pictographic}(\p{EMod}|\u200d|\ufe0f)*\s*){1,3}$/u.test(text)
