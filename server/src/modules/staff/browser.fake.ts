import type { TestApp } from '../../../test/app.ts'
import { createStaff } from './staff.ts'

export const password = 'correct horse battery staple'

export type Browser = ReturnType<ReturnType<typeof peopleOf>['openBrowser']>

/** People before browsers: new colleagues, and browsers that keep their cookies, each at an address of its own. */
export function peopleOf(app: TestApp) {
  let addresses = 0
  function newAddress() {
    addresses += 1
    return `203.0.${addresses >> 8}.${addresses & 255}`
  }

  function openBrowser(ip = newAddress()) {
    const cookies = new Map<string, string>()
    const headers: Record<string, string> = { 'x-forwarded-for': ip }
    const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    async function send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: unknown) {
      const response = await app.http.inject({
        method,
        url: `/api${url}`,
        headers: { ...headers, cookie: cookieHeader() },
        ...(payload === undefined ? {} : { payload: payload as object }),
      })
      for (const { name, value } of response.cookies as { name: string; value: string }[])
        cookies.set(name, value)
      const body: unknown = response.body === '' ? '' : response.json()
      return {
        status: response.statusCode,
        body,
        headers: response.headers as Record<string, string | string[] | undefined>,
      }
    }
    return {
      cookies,
      headers,
      cookieHeader,
      send,
      get: (url: string) => send('GET', url),
      post: (url: string, body?: unknown) => send('POST', url, body),
      put: (url: string, body?: unknown) => send('PUT', url, body),
      patch: (url: string, body?: unknown) => send('PATCH', url, body),
      delete: (url: string) => send('DELETE', url),
    }
  }

  async function hire(roleCode = 'agent') {
    const email = `hired-${app.unique()}@test.example`
    const { id } = await app.act(ctx => createStaff(ctx, { name: 'Ada', email, password, roleCode }))
    return { id, email, browser: openBrowser() }
  }

  async function signedIn(roleCode = 'agent') {
    const person = await hire(roleCode)
    await person.browser.post('/session', { email: person.email, password })
    return person
  }

  return { newAddress, openBrowser, hire, signedIn }
}
