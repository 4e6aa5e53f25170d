// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationRow, Message } from '../api.ts'
import { canSplit } from './api.ts'
import { SplitDialog } from './split-dialog.tsx'

const went = vi.hoisted(() => vi.fn())
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => went, useSearch: () => ({ view: 'mine' }) }))

const id = '018f0000-0000-7000-8000-000000000002'
const row = {
  ...{ id, number: 8, mergedIntoId: null, isSpam: false },
  channel: { id: 'c', kind: 'mail' },
} as ConversationRow

const message = (seq: number, kind: Message['kind'], text: string, more: object = {}) => ({
  ...{ id: `m${seq}`, seq, kind, text, attachments: [], mail: null, system: null },
  ...{ createdAt: '2026-01-05T09:00:00Z', ...more },
})
const items = [
  message(1, 'customer', 'Where is my parcel?'),
  message(2, 'reply', 'On its way'),
  message(3, 'customer', 'And my invoice?', { mail: { subject: 'Invoice' } }),
  message(4, 'customer', 'And the pot?'),
  message(5, 'system', '', {
    system: { event: 'conversation.split_off', params: { seqs: [4], number: 9, intoId: 'x', by: 'Lin' } },
  }),
]

let sent: { path: string; body: Record<string, unknown> }[]
let refusals: object[]

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  sent = []
  refusals = []
  went.mockClear()
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method !== 'POST') return json(200, { items, hasEarlier: false, lastSeq: 5 })
    sent.push({ path: new URL(request.url).pathname, body: await request.json() })
    const refusal = refusals.shift()
    return refusal ? json(409, { error: refusal }) : json(201, { id: 'new' })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function open(...permissions: string[]) {
  const queries = new QueryClient()
  queries.setQueryData(['session'], { id: 'me', name: 'Lin', locale: 'en', permissions })
  render(
    <QueryClientProvider client={queries}>
      <App>
        <SplitDialog row={row} onClose={() => {}} />
      </App>
    </QueryClientProvider>,
  )
  await screen.findByText('And my invoice?')
}
const box = (text: RegExp) => screen.getByRole<HTMLInputElement>('checkbox', { name: text })
const press = (name: RegExp) => fireEvent.click(screen.getByRole('button', { name }))

describe('splitting', () => {
  test('offers what the customer wrote, and not what was split off before', async () => {
    await open()
    expect(screen.getAllByRole('checkbox')).toHaveLength(3)
    expect(screen.queryByText('On its way')).toBeNull()
    expect(box(/And the pot/).disabled).toBe(true)
    screen.getByText(/in #9/)
  })

  test('opens the new conversation', async () => {
    await open()
    fireEvent.click(box(/my invoice/))
    press(/Split 1 message off/)
    await waitFor(() => expect(went).toHaveBeenCalled())
    expect(sent).toEqual([
      { path: `/api/conversations/${id}/splits`, body: { clientId: expect.any(String), seqs: [3] } },
    ])
    expect(went.mock.lastCall![0]).toMatchObject({ params: { conversationId: 'new' } })
  })

  test('asks for a message, and asks again under the same id after a refusal', async () => {
    refusals = [{ code: 'already_split_off', message: 'x' }]
    await open()
    press(/Split off/)
    await screen.findByText('Choose at least one message.')
    fireEvent.click(box(/my invoice/))
    press(/Split 1 message off/)
    await screen.findByText('One of these messages was split off already.')
    press(/Split 1 message off/)
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[1]!.body.clientId).toBe(sent[0]!.body.clientId)
  })

  test('asks who gets it only whoever may assign', async () => {
    await open()
    expect(screen.queryByRole('combobox', { name: 'Who gets it' })).toBeNull()
  })

  test('is offered by mail alone, and not of what was merged or is spam', () => {
    expect(canSplit(row)).toBe(true)
    expect(canSplit({ ...row, channel: { id: 'c', kind: 'web_chat' } })).toBe(false)
    expect(canSplit({ ...row, mergedIntoId: 'x' })).toBe(false)
    expect(canSplit({ ...row, isSpam: true })).toBe(false)
  })
})
