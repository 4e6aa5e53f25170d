import { onTestFinished } from 'vitest'
import type { TestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { archiveProvider, createProvider, listProviders } from './providers.ts'
import { NewProvider } from './schemas.ts'
import { type Call, startServices } from './services.simulator.ts'

const anyPrice = {
  perMillionCharacters: 20_000_000,
  perMillionInputTokens: 1_000_000,
  perMillionOutputTokens: 4_000_000,
  source: 'price list of the simulator',
}

/** Services of the simulator, each added to the house in this order; gone again when the test is over. */
export async function addServices(
  app: TestApp,
  kinds: readonly Call['service'][],
  fields: Partial<NewProvider> = {},
) {
  const services = await Promise.all(kinds.map(() => startServices()))
  await app.act(async ctx => {
    for (const { id } of await listProviders(ctx)) await archiveProvider(ctx, id)
  })
  const added: { id: string; name: string }[] = []
  for (const [position, kind] of kinds.entries())
    added.push(
      await app.act(ctx =>
        createProvider(
          ctx,
          app.place.secrets,
          NewProvider.parse({
            ...{ name: `${kind} ${position}`, kind, baseUrl: services[position]!.baseUrlOf(kind) },
            ...{ key: services[position]!.key, position, price: anyPrice },
            ...(kind === 'openai' && { model: 'a-model' }),
            ...fields,
          }),
        ),
      ),
    )
  onTestFinished(async () => {
    await app.act(async ctx => {
      for (const { id } of added) await archiveProvider(ctx, id).catch(() => {})
    })
    for (const service of services) await service.stop()
  })
  return added.map((provider, n) => ({ ...services[n]!, id: provider.id, name: provider.name }))
}

/** A visitor who writes German, and a colleague who reads only Chinese. */
export async function makeTalk(
  app: TestApp,
  said = 'Guten Tag, wo ist meine Bestellung #1042-88 geblieben?',
) {
  const store = await makeStore(app)
  const agent = await app.as('agent', { locale: 'zh', languages: [], storeIds: [store.id] })
  const visitor = await makeVisitor(app, store)
  const first = await visitor.say(said)
  const id = first.body.conversation.id
  return {
    id,
    store,
    agent,
    visitor,
    messageId: first.body.message.id,
    take: () => agent.put(`/conversations/${id}/assignee`, { staffId: agent.id }),
    async translations(to = 'zh') {
      const answer = await agent.get(`/conversations/${id}/translations?to=${to}`)
      return answer.body as Listed
    },
    async ask(messageIds: string[], fields: Record<string, unknown> = {}) {
      const answer = await agent.post(`/conversations/${id}/translations`, {
        messageIds,
        to: 'zh',
        ...fields,
      })
      return answer.body as Listed
    },
  }
}

type Listed = {
  isSetUp: boolean
  items: {
    messageId: string
    state: string
    text: string | null
    from: string | null
    reason: string | null
    provider: string | null
    missingTerms: string[]
  }[]
}
