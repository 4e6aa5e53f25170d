/** The server understood and said no, or not now. */
export class Refusal extends Error {
  status: number
  code: string
  retryAfterMs: number

  constructor(status: number, code: string, retryAfterMs = 0) {
    super(code)
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** No answer that is surely Afar's: the line is cut, it took too long, or a proxy answered instead. */
export class Unreachable extends Error {}

export const isPassing = (error: unknown) =>
  error instanceof Unreachable ||
  (error instanceof Refusal && (error.status >= 500 || [408, 425, 429].includes(error.status)))

/** 0.5 s, 1 s, 2 s … 15 s, of which the second half is drawn, so that a thousand visitors do not return at once. */
export const backoffMs = (tries: number, error?: unknown, random = Math.random) => {
  const ceiling = Math.min(15_000, 500 * 2 ** tries)
  const asked = error instanceof Refusal ? error.retryAfterMs : 0
  return asked + ceiling / 2 + (random() * ceiling) / 2
}

const answerWithinMs = 12_000
const hangingAfterMs = 2_000

export type Call = <T>(method: string, path: string, body?: object) => Promise<T>

export type Line = {
  base: string
  fetch: typeof fetch
  token: () => string | null
  /** Called once per refused token; after it the call is made again with whatever token there is then. */
  renew: (refusedToken: string) => Promise<unknown>
}

export function callsOver({ base, fetch, token, renew }: Line) {
  const underWay = new Map<AbortController, number>()

  async function ask<T>(
    method: string,
    path: string,
    body: object | undefined,
    bearer: string | null,
  ): Promise<T> {
    const headers: Record<string, string> = {}
    if (body) headers['content-type'] = 'application/json'
    if (bearer) headers.authorization = `Bearer ${bearer}`
    const stop = new AbortController()
    const init: RequestInit = { method, headers, signal: stop.signal, cache: 'no-store' }
    if (body) init.body = JSON.stringify(body)
    underWay.set(stop, Date.now())
    const tooLong = setTimeout(() => stop.abort(), answerWithinMs)
    try {
      return await read<T>(await fetch(base + path, init))
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable()
    } finally {
      clearTimeout(tooLong)
      underWay.delete(stop)
    }
  }

  async function read<T>(response: Response): Promise<T> {
    if (response.status === 204) return undefined as T
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok) {
      if (answer === undefined) throw new Unreachable()
      return answer as T
    }
    throw refusalOf(response, answer)
  }

  /** With the visitor's token; an expired one is renewed once and the call repeated. */
  const call: Call = async (method, path, body) => {
    const bearer = token()
    try {
      return await ask(method, path, body, bearer)
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401 && bearer)) throw error
      await renew(bearer)
      return ask(method, path, body, token())
    }
  }

  /** The line has come back: what was asked over the old one will not be answered. */
  function giveUpHanging() {
    for (const [stop, since] of underWay) if (Date.now() - since > hangingAfterMs) stop.abort()
  }

  const callOpenly: Call = (method, path, body) => ask(method, path, body, null)
  const callWith = <T>(bearer: string, method: string, path: string) =>
    ask<T>(method, path, undefined, bearer)
  return { call, callOpenly, callWith, giveUpHanging }
}

export function refusalOf(
  response: { status: number; headers: { get(name: string): string | null } },
  answer: unknown,
) {
  const code = (answer as { error?: { code?: string } } | undefined)?.error?.code
  return new Refusal(
    response.status,
    code ?? `http_${response.status}`,
    retryAfterMs(response.headers.get('retry-after')),
  )
}

function retryAfterMs(header: string | null) {
  if (!header) return 0
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 300_000) : 0
}
