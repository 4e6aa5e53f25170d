// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationRow } from './api.ts'
import { Composer } from './composer.tsx'

const id = '018f0000-0000-7000-8000-000000000003'
const row = {
  ...{ id, number: 9, lastSeq: 3, language: 'de' },
  store: { id: 's', name: 'Nordlicht' },
  channel: { id: 'c', kind: 'web_chat' },
  customer: { id: 'k', name: 'Anneliese', language: 'de', country: 'DE', zone: null },
} as ConversationRow

type Draft = { text: string; from: string; to: string }
let sent: Record<string, unknown>[]
let asked: Draft[]
let translate: (draft: Draft) => object

const done = ({ text, from, to }: Draft) => ({
  ...{ state: 'done', text: `(${to}) ${text}`, from, to },
  ...{ reason: null, provider: 'DeepL', missingTerms: [] },
})

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  asked = []
  translate = done
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (path.endsWith('/translations')) return json(200, { isSetUp: true, isAutomatic: true, items: [] })
    if (request.method !== 'POST') return json(200, { items: [] })
    const body = await request.json()
    if (path.endsWith('/content-check')) return json(200, { findings: [] })
    if (path.endsWith('/draft-translation')) {
      asked.push(body)
      return json(200, translate(body))
    }
    sent.push(body)
    return json(201, { id: 'm4', seq: 4, clientId: body.clientId })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function open() {
  const queries = new QueryClient()
  const me = { id: 'me', name: 'Lin', locale: 'en', reads: [], permissions: ['conversations:reply'] }
  queries.setQueryData(['session'], me)
  render(
    <QueryClientProvider client={queries}>
      <App>
        <Composer row={row} seenSeq={3} onSeen={() => {}} />
      </App>
    </QueryClientProvider>,
  )
  const beneath = await screen.findByRole('textbox', { name: /Will be sent/ })
  const above = screen.getByRole('textbox', { name: 'Reply' })
  const write = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } })
  const stands = (value: string) =>
    waitFor(() => expect((beneath as HTMLTextAreaElement).value).toBe(value), { timeout: 5_000 })
  return {
    above,
    beneath,
    write,
    stands,
    send: () => fireEvent.keyDown(above, { key: 'Enter', ctrlKey: true }),
  }
}

describe('a reply in two languages', () => {
  test('is sent as it stands beneath, with what was written above', async () => {
    const { above, write, stands, send } = await open()
    write(above, 'It leaves today.')
    await stands('(de) It leaves today.')
    send()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({
      text: '(de) It leaves today.',
      original: {
        ...{ text: 'It leaves today.', language: 'en', to: 'de' },
        ...{ provider: 'DeepL', draft: '(de) It leaves today.' },
      },
    })
  })

  test('is not sent before anybody has seen what it says', async () => {
    const { above, write, stands, send } = await open()
    write(above, 'It leaves today.')
    send()
    await stands('(de) It leaves today.')
    write(above, 'It leaves tomorrow.')
    send()
    expect(sent).toEqual([])
    await stands('(de) It leaves tomorrow.')
    send()
    await waitFor(() => expect(sent).toMatchObject([{ text: '(de) It leaves tomorrow.' }]))
  })

  test('keeps what its writer changed beneath, and says that the text above has moved on', async () => {
    const { above, beneath, write, stands, send } = await open()
    write(above, 'It leaves today.')
    await stands('(de) It leaves today.')
    write(beneath, 'Es geht heute raus.')
    write(above, 'It leaves today!')
    await screen.findByText(/has changed since/)
    await new Promise(passed => setTimeout(passed, 900))
    expect(asked).toHaveLength(1)
    send()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({
      text: 'Es geht heute raus.',
      original: { text: 'It leaves today!', draft: '(de) It leaves today.' },
    })
  })

  test('goes untranslated where somebody says so, when no service answers', async () => {
    translate = ({ from, to }) => ({
      ...{ state: 'untranslated', text: null, from, to },
      ...{ reason: 'budget', provider: null, missingTerms: [] },
    })
    const { above, write, send } = await open()
    write(above, 'It leaves today.')
    await screen.findByText(/budget for translation is used up/, undefined, { timeout: 5_000 })
    send()
    expect(sent).toEqual([])
    fireEvent.click(screen.getByRole('button', { name: 'Send untranslated' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({
      text: 'It leaves today.',
      original: { text: 'It leaves today.', to: 'de', provider: null, draft: null },
    })
  })
})
