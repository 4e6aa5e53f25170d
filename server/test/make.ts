import { randomUUID } from 'node:crypto'
import { createChannel } from '../src/modules/channels/channels.ts'
import { createStore } from '../src/modules/settings/stores.ts'
import type { Answer, TestApp } from './app.ts'

type StoreInput = Parameters<typeof createStore>[1]

/** A store with a web chat, open day and night. */
export async function makeStore(app: TestApp, fields: Partial<StoreInput> = {}) {
  return app.act(async ctx => {
    const store = await createStore(ctx, {
      name: `Store ${app.unique()}`,
      languages: ['en'],
      zone: 'UTC',
      currency: 'USD',
      country: 'US',
      colour: '#0E6E6E',
      calendarId: null,
      ...fields,
    })
    const channel = await createChannel(ctx, {
      storeId: store.id,
      kind: 'web_chat',
      name: 'Chat',
      settings: {},
    })
    return { ...store, channelId: channel.id }
  })
}

export type Visitor = Awaited<ReturnType<typeof makeVisitor>>

/** A visitor on a store's page with a session of his own. */
export async function makeVisitor(
  app: TestApp,
  store: { key: string },
  fields: Record<string, unknown> = {},
) {
  const session = await app.post('/widget/session', { store: store.key, locale: 'en', ...fields })
  if (session.status >= 300) throw new Error(`no session: ${JSON.stringify(session.body)}`)
  const { token } = session.body as { token: string }
  const http = app.with({ authorization: `Bearer ${token}` })
  return {
    ...http,
    token,
    say: (text: string, fields: Record<string, unknown> = {}): Promise<Answer<Said>> =>
      http.post('/widget/messages', { clientId: randomUUID(), text, ...fields }) as never,
  }
}

export type Said = {
  message: { id: string; seq: number; text: string }
  conversation: {
    id: string
    status: string
    queue: { place: number; estimateSeconds: number | null } | null
  }
}
