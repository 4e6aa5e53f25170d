import { headersOf } from './headers.ts'
import type { Authentication, AuthenticationResult, Header } from './mail.ts'

/**
 * What the operator's own receiving server found (RFC 8601), or null. Anybody can write such a header, so only
 * the topmost counts, and only by a server that is trusted; one below it may have come with the mail.
 */
export function readAuthenticationResults(
  headers: readonly Header[],
  trustedServers: readonly string[],
): Authentication | null {
  const newest = headersOf(headers, 'authentication-results')[0]
  if (!newest || trustedServers.length === 0) return null
  const [first = '', ...statements] = splitStatements(newest.value.slice(0, 16_000))
  const server = first.trim().split(/\s+/)[0]?.toLowerCase() ?? ''
  if (server === '' || !trustedServers.some(trusted => trusted.toLowerCase() === server)) return null
  const found = statements.map(readStatement).filter(statement => statement !== null)
  const spf = found.find(({ method }) => method === 'spf')
  const dmarc = found.find(({ method }) => method === 'dmarc')
  return {
    spf: {
      result: spf?.result ?? 'unchecked',
      domain: domainOf(spf?.properties['smtp.mailfrom'] ?? spf?.properties['smtp.helo']),
    },
    dkim: found
      .filter(({ method }) => method === 'dkim')
      .slice(0, 20)
      .map(({ result, properties }) => ({
        result,
        domain: domainOf(properties['header.d'] ?? properties['header.i']),
      })),
    dmarc: {
      result: dmarc?.result ?? 'unchecked',
      domain: domainOf(dmarc?.properties['header.from']),
      policy: dmarc?.properties.policy ?? null,
    },
    by: server,
  }
}

export const unchecked: Authentication = {
  spf: { result: 'unchecked', domain: null },
  dkim: [],
  dmarc: { result: 'unchecked', domain: null, policy: null },
  by: null,
}

export const authenticationFailed = (result: AuthenticationResult): Authentication => ({
  spf: { result, domain: null },
  dkim: [{ result, domain: null }],
  dmarc: { result, domain: null, policy: null },
  by: 'afar',
})

type Statement = { method: string; result: AuthenticationResult; properties: Record<string, string> }

const results: readonly string[] = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror']

export const resultNamed = (name: string): AuthenticationResult => {
  const result = name === 'hardfail' || name === 'policy' ? 'fail' : name
  return (results.includes(result) ? result : 'permerror') as AuthenticationResult
}

function readStatement(statement: string): Statement | null {
  const words = withoutComments(statement).trim().split(/\s+/)
  const [method = '', result = ''] = (words[0] ?? '').split('=')
  if (result === '') return null
  const properties = words.slice(1).map(word => {
    const equals = word.indexOf('=')
    return [word.slice(0, equals).toLowerCase(), word.slice(equals + 1).replace(/^"|"$/g, '')]
  })
  const policy = /\bp=(\w{1,20})/i.exec(statement)?.[1]?.toLowerCase()
  return {
    method: method.split('/')[0]!.toLowerCase(),
    result: resultNamed(result.toLowerCase()),
    properties: { ...Object.fromEntries(properties), ...(policy && { policy }) },
  }
}

/** At semicolons outside quotes and comments. */
function splitStatements(value: string) {
  const pieces: string[] = []
  let piece = ''
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at]!
    if (character === '"') isQuoted = !isQuoted
    if (!isQuoted && character === '(') depth += 1
    if (!isQuoted && character === ')') depth = Math.max(0, depth - 1)
    if (character === ';' && depth === 0 && !isQuoted) {
      pieces.push(piece)
      piece = ''
    } else piece += character
  }
  return [...pieces, piece]
}

function withoutComments(text: string) {
  let depth = 0
  let kept = ''
  for (const character of text) {
    if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += character
  }
  return kept
}

const domainOf = (value: string | undefined) => value?.slice(value.lastIndexOf('@') + 1).toLowerCase() || null
