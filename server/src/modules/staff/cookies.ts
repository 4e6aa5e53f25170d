import type { IncomingHttpHeaders } from 'node:http'

/** Also for the sockets' handshakes, which no cookie parser has seen. */
export function readCookie({ cookie }: IncomingHttpHeaders, name: string) {
  for (const pair of cookie?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name && value) return value.trim()
  }
  return undefined
}
