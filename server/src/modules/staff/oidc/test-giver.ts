import { afterAll, beforeEach } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { startIdentityGiver } from '../../../../test/identity-giver.ts'
import { type Browser, peopleOf } from '../browser.fake.ts'

/** A house that trusts one giver of identities, and people who come to it with their browsers. */
export async function startGiverHouse() {
  const app = await startTestApp({
    outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }],
  })
  const admin = await app.as('admin')
  const people = peopleOf(app)
  const giver = await startIdentityGiver(() => app.clock.now)
  afterAll(giver.stop)
  beforeEach(() => {
    giver.mend()
    app.clock.advance(301)
  })
  const settings = {
    ...{ name: 'Harbour', issuer: giver.issuer, clientId: giver.clientId, clientSecret: giver.clientSecret },
    isEnabled: true,
  }
  const made = await admin.post('/identity-givers', settings)
  const giverId = (made.body as { id: string }).id

  return {
    ...{ app, admin, people, giver, giverId, settings },
    set: (change: object) => admin.patch(`/identity-givers/${giverId}`, change),
    /** Begins in this browser and comes back to where the giver sends it, or to what `on` makes of that. */
    async signIn(browser: Browser = people.openBrowser(), on = (back: URL) => back, next = '/customers') {
      const begun = await browser.post('/session/giver-trips', { giverId, next })
      if (begun.status !== 200) return { browser, begun, to: null }
      const back = on(await giver.visit((begun.body as { url: string }).url))
      const returned = await browser.get(back.pathname.replace('/api', '') + back.search)
      const to = String(returned.headers.location).replace('http://localhost:8400', '')
      return { browser, begun, back, to }
    },
    async me(browser: Browser) {
      const { status, body } = await browser.get('/session')
      return {
        status,
        ...(body as { id?: string; email?: string; roleName?: string; teamIds?: string[]; name?: string }),
      }
    },
  }
}

export const verified = (email: string, more: object = {}) => ({
  ...{ sub: `sub of ${email}`, email, email_verified: true, name: 'Ada Lin' },
  ...more,
})
export const refusedAs = (code: string) => `/sign-in?refused=${code}`
