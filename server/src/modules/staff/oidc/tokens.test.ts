import { describe, expect, test } from 'vitest'
import { refusedAs, startGiverHouse, verified } from './test-giver.ts'

const { app, people, giver, signIn, me } = await startGiverHouse()

describe('what a giver says is not believed', () => {
  const notBelieved = refusedAs('giver_not_believed')

  test.each([
    ['with the nonce of another trip', { nonce: 'x'.repeat(43) }],
    ['for another client', { audience: 'somebody-else' }],
    ['for several clients, and us not the one it was given to', { audience: ['afar', 'somebody-else'] }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['when it has run out', { expiredFor: 121 }],
    ['when it was given long ago', { givenIn: -800 }],
    ['when it is given in the future', { givenIn: 130 }],
    ['without a signature', { signature: 'none' }],
    ['signed with the public key as if it were a secret', { signature: 'public key as secret' }],
    ['signed with another key', { signature: 'another key' }],
    ['when another giver answers', { answersAs: 'https://evil.example' }],
  ] as const)('%s', async (_, fault) => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    Object.assign(giver.faults, fault)
    const { browser, to } = await signIn()
    expect(to).toBe(notBelieved)
    expect((await me(browser)).status).toBe(401)
  })

  test('by a clock that is two minutes off it still is', async () => {
    const { id, email } = await people.hire()
    giver.comes(verified(email))
    giver.faults.expiredFor = 100
    expect(await me((await signIn()).browser)).toMatchObject({ id })
  })

  test('when it does not name itself, though it said it would', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const unnamed = await signIn(people.openBrowser(), withoutIssuer)
    expect(unnamed.to).toBe(notBelieved)
  })
})

describe('the keys of a giver', () => {
  test('are fetched anew when it changes them, and kept until then', async () => {
    const { id, email } = await people.hire()
    giver.comes(verified(email))
    await signIn()
    const fetches = () => giver.asked.filter(path => path === '/keys').length
    const before = fetches()
    await signIn()
    expect(fetches()).toBe(before)
    await giver.changeKey()
    app.clock.advance(31)
    expect(await me((await signIn()).browser)).toMatchObject({ id })
    expect(fetches()).toBe(before + 1)
  })

  test('are not asked for again and again because of tokens nobody can explain', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    giver.faults.signature = 'another key'
    await signIn()
    const before = giver.asked.filter(path => path === '/keys').length
    for (let n = 0; n < 5; n++) await signIn()
    expect(giver.asked.filter(path => path === '/keys').length).toBe(before)
  })
})

function withoutIssuer(back: URL) {
  back.searchParams.delete('iss')
  return back
}
