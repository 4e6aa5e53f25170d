import createClient from 'openapi-fetch'
import type { components, paths } from './schema.d.ts'
import { learnServerTime } from './server-time.ts'

export type Schemas = components['schemas']
type Asked<P extends keyof paths, M extends keyof paths[P]> = Exclude<paths[P][M], undefined>
/** What an address takes: `BodyOf<'/api/stores', 'post'>`. */
export type BodyOf<P extends keyof paths, M extends keyof paths[P]> =
  Asked<P, M> extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never
export type QueryOf<P extends keyof paths> =
  Asked<P, 'get'> extends { parameters: { query?: infer Query } } ? NonNullable<Query> : never

/** What the server answered with when it would not. `code` is stable; people read its translation. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly details: unknown
  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.code = code
    this.details = details
  }
}

/** The request may or may not have arrived: only a repeat with the same `clientId` is safe. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause })
    this.name = 'Unreachable'
  }
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin,
  credentials: 'same-origin',
  fetch: async request => {
    const askedAt = Date.now()
    const response = await fetch(request).catch(error => {
      throw error instanceof DOMException && error.name === 'AbortError' ? error : new Unreachable(error)
    })
    learnServerTime(response.headers.get('date'), askedAt, Date.now())
    return response
  },
})

type Fetched<T> = Promise<{ data?: T; error?: unknown; response: Response }>

/** The body of an answer, or a throw of what went wrong. */
export async function answer<T>(fetched: Fetched<T>): Promise<T> {
  const { data, error, response } = await fetched
  if (response.ok) return data as T
  throw refusalOf(response, error)
}

export function refusalOf(response: Response, body: unknown) {
  const error = (body as { error?: { code?: string; message?: string; details?: unknown } } | undefined)
    ?.error
  if (error?.code) return new Refused(response.status, error.code, error.message ?? '', error.details)
  if (response.status >= 502) return new Unreachable(response.status)
  return new Refused(response.status, 'unknown', response.statusText)
}

/** Worth the same request again: the network, or a server that says it will be back. */
export const isPassing = (error: unknown) =>
  error instanceof Unreachable || (error instanceof Refused && (error.status === 503 || error.status === 429))

export async function uploadFile(file: File, signal?: AbortSignal): Promise<Schemas['Attachment']> {
  const body = new FormData()
  body.append('file', file)
  const response = await fetch('/api/files', {
    method: 'POST',
    body,
    signal,
    credentials: 'same-origin',
  }).catch(error => {
    throw new Unreachable(error)
  })
  const content = await response.json().catch(() => undefined)
  if (!response.ok) throw refusalOf(response, content)
  return content
}
