import { describe, expect, test } from 'vitest'
import { refusedAs, startGiverHouse, verified } from './test-giver.ts'

const { app, people, giver, giverId, set, signIn, me } = await startGiverHouse()

describe('a trip to the giver', () => {
  test('is good once, and its code too', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const { browser, back } = await signIn()
    await browser.delete('/session')
    const again = await browser.get(back!.pathname.replace('/api', '') + back!.search)
    expect(again.headers.location).toContain('refused=giver_trip_over')
    const reused = await signIn(browser, withCode(back!.searchParams.get('code')!))
    expect(reused.to).toBe(refusedAs('giver_trip_over'))
    expect((await me(browser)).status).toBe(401)
  })

  test('is finished in the browser that began it, and by nobody else', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const [thief, victim] = [people.openBrowser(), people.openBrowser()]
    const begun = (await thief.post('/session/giver-trips', { giverId })).body as { url: string }
    const back = await giver.visit(begun.url)
    const path = back.pathname.replace('/api', '') + back.search
    expect((await victim.get(path)).headers.location).toContain('refused=giver_trip_over')
    await victim.post('/session/giver-trips', { giverId })
    expect((await victim.get(path)).headers.location).toContain('refused=giver_trip_over')
    expect((await me(victim)).status).toBe(401)
  })

  test('ends after ten minutes, with the giver, and when the giver says no', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const late = await signIn(people.openBrowser(), tooLate)
    expect(late.to).toBe(refusedAs('giver_trip_over'))
    giver.faults.saysNo = 'access_denied'
    expect((await signIn()).to).toBe(refusedAs('giver_said_no'))
    giver.mend()
    await set({ isEnabled: false })
    expect((await signIn()).begun).toMatchObject({ status: 404 })
    await set({ isEnabled: true })
  })

  test('leads nowhere but into our own house', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x'])
      expect(await people.openBrowser().post('/session/giver-trips', { giverId, next }), next).toMatchObject({
        status: 422,
      })
  })
})

const withCode = (code: string) => (back: URL) => {
  back.searchParams.set('code', code)
  return back
}

function tooLate(back: URL) {
  app.clock.advance(601)
  return back
}
