/** More than any honest header; what comes after it is not looked at. */
const mostBytes = 64 * 1024

/**
 * Whose mail it is, cheaply: the address in From, in lower case, or empty where none can be seen. It only decides
 * what is worked on in order with what; whoever reads the mail properly judges the sender anew.
 */
export function senderLine(head: Buffer): string {
  const value = fromHeader(head)
  if (value === null) return ''
  const bare = withoutQuotes(value)
  const address =
    /<([^<>\s@]{1,200}@[^<>\s@]{1,255})>/.exec(bare)?.[1] ??
    /[^\s<>,;:"()@]{1,200}@[^\s<>,;:"()@]{1,255}/.exec(bare)?.[0]
  return (address ?? '').slice(0, 320).toLowerCase()
}

/** Line by line, so that no header, however odd, costs more than its length. */
function fromHeader(head: Buffer): string | null {
  const end = Math.min(head.length, mostBytes)
  let value: string | null = null
  for (let start = 0; start < end; ) {
    const newline = head.indexOf(10, start)
    const stop = newline === -1 || newline > end ? end : newline
    const line = head.toString('latin1', start, Math.min(stop, start + 2_000)).replace(/\r$/, '')
    const isFolded = line.startsWith(' ') || line.startsWith('\t')
    if (line === '') break
    if (value !== null) {
      if (!isFolded || value.length > 2_000) break
      value += ` ${line.slice(1)}`
    } else if (line.slice(0, 5).toLowerCase() === 'from:') {
      value = line.slice(5)
    }
    start = stop + 1
  }
  return value
}

/** A display name in quotes may look like an address and is none. */
function withoutQuotes(value: string) {
  let bare = ''
  let isQuoted = false
  for (let n = 0; n < value.length; n++) {
    if (value[n] === '\\' && isQuoted) n += 1
    else if (value[n] === '"') isQuoted = !isQuoted
    else if (!isQuoted) bare += value[n]
  }
  return bare
}
