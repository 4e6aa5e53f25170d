/**
 * Text that was broken into lines for the way (RFC 3676, format=flowed) as one line per paragraph again.
 * With `delSp` the blank that marks a soft break is not part of the text, as in Chinese and Japanese.
 */
export function unflow(text: string, delSp: boolean): string {
  const done: string[] = []
  let open: { depth: number; text: string } | null = null
  const finish = () => {
    if (open) done.push(`${'>'.repeat(open.depth)}${open.depth > 0 ? ' ' : ''}${open.text}`)
    open = null
  }
  for (const line of text.split(/\r?\n/)) {
    const { depth, words } = readLine(line)
    const isSignature = words === '-- '
    if (open && ((open as { depth: number }).depth !== depth || isSignature)) finish()
    const soft = words.endsWith(' ') && !isSignature
    const body = soft && delSp ? words.slice(0, -1) : words
    open = { depth, text: ((open as { text: string } | null)?.text ?? '') + body }
    if (!soft) finish()
  }
  finish()
  return done.join('\n')
}

function readLine(line: string) {
  let depth = 0
  while (line[depth] === '>') depth += 1
  const rest = line.slice(depth)
  // One blank was stuffed in before what would otherwise be read as a quote.
  return { depth, words: rest.startsWith(' ') ? rest.slice(1) : rest }
}
