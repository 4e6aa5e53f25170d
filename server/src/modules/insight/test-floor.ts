import { randomUUID } from 'node:crypto'
import type { TestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { signInAs } from '../staff/sessions.ts'

/** Whose session the moving clock has ended signs in again. */
export async function signedInAgain(app: TestApp, { id }: { id: string }) {
  const token = await app.act(ctx => signInAs(ctx, id))
  return app.with({ cookie: `afar.session=${token}`, origin: 'http://localhost:8400' })
}

/** A number generator that says the same for the same seed (mulberry32). */
export function dice(seed: number) {
  let state = seed
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    upTo: (n: number) => Math.floor(roll() * n),
    one: <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)]!,
    chance: (share: number) => roll() < share,
  }
}

/** A house in which chats came, were answered, handed on, resolved and opened again over some days, at random. */
export async function makeBusyHouse(app: TestApp, seed: number, chats = 24) {
  const { upTo, one, chance } = dice(seed)
  const stores = [
    await makeStore(app, { zone: 'Asia/Tokyo' }),
    await makeStore(app, { zone: 'America/Los_Angeles' }),
  ]
  const agents = [await app.as('agent'), await app.as('agent')]
  const reasons = ['wismo.where', 'invoice.vat', null]
  const ids: string[] = []
  for (let n = 0; n < chats; n++) {
    app.clock.advance(60 * upTo(300))
    const person = await signedInAgain(app, one(agents))
    await person.put('/session/availability', { state: one(['online', 'online', 'busy', 'away', 'offline']) })
    const visitor = await makeVisitor(app, one(stores))
    const { id } = (await visitor.say('Hello, where is my parcel?')).body.conversation
    ids.push(id)
    const reply = async (text: string) => {
      const agent = await signedInAgain(app, one(agents))
      await agent.post(`/conversations/${id}/replies`, {
        ...{ clientId: randomUUID(), text, lastSeenSeq: 1_000 },
      })
    }
    for (let round = upTo(4); round > 0; round--) {
      app.clock.advance(upTo(600))
      if (chance(0.4))
        await (await signedInAgain(app, one(agents))).put(`/conversations/${id}/assignee`, {
          staffId: one(agents).id,
        })
      if (chance(0.8)) await reply('It is on its way.')
      app.clock.advance(upTo(900))
      if (chance(0.6)) await visitor.say('And when does it come?')
      if (chance(0.5)) {
        const reason = one(reasons)
        if (reason)
          await app.act(ctx =>
            ctx.db.execute(`update conversations set reason = '${reason}' where id = '${id}'`),
          )
        await (await signedInAgain(app, one(agents))).put(`/conversations/${id}/status`, {
          category: 'resolved',
        })
      }
    }
  }
  await app.settled()
  return { stores, agents, ids }
}
