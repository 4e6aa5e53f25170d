import { unfold } from './headers.ts'

export type Fields = Map<string, string>

/**
 * The groups of a delivery status or feedback report (RFC 3464, 2; RFC 5965, 3): fields in lower case, unfolded,
 * blank lines between groups. Lines that are no field are passed over, so it reads a report pasted into prose.
 */
export function readFieldGroups(text: string): Fields[] {
  const groups: Fields[] = []
  let group: Fields = new Map()
  let last: string | null = null
  const finish = () => {
    if (group.size > 0 && groups.length < mostGroups) groups.push(group)
    group = new Map()
    last = null
  }
  for (const line of text.slice(0, mostCharacters).split(/\r?\n/)) {
    if (line.trim() === '') {
      finish()
      continue
    }
    const value = last === null ? undefined : group.get(last)
    if (/^[ \t]/.test(line) && value !== undefined) {
      if (value.length < longestValue) group.set(last!, `${value} ${line.trim()}`)
      continue
    }
    const field = /^([A-Za-z][\w-]{1,40})[ \t]{0,9}:(.*)$/.exec(line)
    if (!field) {
      last = null
      continue
    }
    last = field[1]!.toLowerCase()
    if (group.has(last)) last = null
    else group.set(last, unfold(field[2]!).trim().slice(0, longestValue))
  }
  finish()
  return groups
}

/** `rfc822; jane@example.com` or what mailers make of it; null for what is no address. */
export function addressIn(value: string | undefined): string | null {
  const found = /([^\s<>;:,"'()[\]|]{1,128}@[^\s<>;:,"'()[\]]{1,255})/.exec(value?.slice(0, 1_000) ?? '')
  return found ? found[1]!.replace(/[.]+$/, '').toLowerCase() : null
}

const mostGroups = 200
const mostCharacters = 256 * 1024
const longestValue = 4_000
