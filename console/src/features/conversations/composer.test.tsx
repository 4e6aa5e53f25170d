// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { useState } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationRow } from './api.ts'
import { Composer } from './composer.tsx'

const row = {
  id: '018f0000-0000-7000-8000-000000000001',
  number: 7,
  store: { id: 's', name: 'Nordlicht' },
  channel: { id: 'c', kind: 'web_chat' },
  customer: { id: 'k', name: 'Anneliese', language: 'de', country: 'DE', zone: null },
  language: 'de',
} as ConversationRow

type Sent = { path: string; body: { text: string; clientId: string; lastSeenSeq: number } }
let sent: Sent[]
let answers: (() => Response)[]

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const missed = json.bind(null, 409, {
  error: {
    code: 'missed_messages',
    message: '',
    details: {
      messages: [
        {
          id: 'm9',
          seq: 9,
          author: { name: 'Anneliese' },
          text: 'Bitte doch stornieren!',
          attachments: [],
          createdAt: '2026-01-05T09:00:00Z',
        },
      ],
    },
  },
})

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  answers = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (request.method !== 'POST') return json(200, { items: [] })
    const body = await request.json()
    sent.push({ path, body })
    return answers.shift()?.() ?? json(201, { id: 'm10', seq: 10, clientId: body.clientId })
  })
})
afterEach(() => vi.unstubAllGlobals())

function Desk({ seen }: { seen: number }) {
  const [seenSeq, setSeenSeq] = useState(seen)
  return <Composer row={row} seenSeq={seenSeq} onSeen={setSeenSeq} />
}

function open(seen = 8) {
  const queries = new QueryClient()
  queries.setQueryData(['session'], {
    id: 'me',
    name: 'Lin',
    locale: 'en',
    reads: [],
    permissions: ['conversations:reply'],
  })
  return render(
    <QueryClientProvider client={queries}>
      <App>
        <Desk seen={seen} />
      </App>
    </QueryClientProvider>,
  )
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox')
const write = (text: string) => fireEvent.change(field(), { target: { value: text } })
const send = () => fireEvent.keyDown(field(), { key: 'Enter', ctrlKey: true })

describe('a reply', () => {
  test('is sent with Ctrl Enter and tells what its writer had seen', async () => {
    open(8)
    write('Ist unterwegs.')
    send()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({
      path: expect.stringMatching(/replies$/),
      body: { text: 'Ist unterwegs.', lastSeenSeq: 8 },
    })
    expect(field().value).toBe('')
  })

  test('is not sent past a customer who wrote meanwhile: it comes back beside what was missed', async () => {
    answers = [missed]
    open(8)
    write('Ist unterwegs.')
    send()
    expect(await screen.findByText('1 new message since you started')).toBeTruthy()
    expect(screen.getByText('Bitte doch stornieren!')).toBeTruthy()
    expect(field().value).toBe('Ist unterwegs.')
    expect(sent).toHaveLength(1)
  })

  test('once what was missed has been read, goes as the same reply with a later seq', async () => {
    answers = [missed]
    open(8)
    write('Ist unterwegs.')
    send()
    fireEvent.click(await screen.findByText('Send as it is'))
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[1]!.body).toMatchObject({
      text: 'Ist unterwegs.',
      lastSeenSeq: 9,
      clientId: sent[0]!.body.clientId,
    })
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
  })

  test('of nothing but blanks is not sent', () => {
    open()
    write('  \n ')
    send()
    expect(sent).toHaveLength(0)
  })
})

describe('a draft', () => {
  test('waits in its conversation while one is elsewhere', () => {
    const { unmount } = open()
    write('Angefangen')
    unmount()
    open()
    expect(field().value).toBe('Angefangen')
  })

  test('of a note is another than that of the reply, and goes only to colleagues', async () => {
    open()
    write('An die Kundin')
    fireEvent.click(screen.getByRole('tab', { name: /Private note/ }))
    expect(field().value).toBe('')
    write('Vorsicht, VIP')
    send()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]!.path).toMatch(/notes$/)
    fireEvent.click(screen.getByRole('tab', { name: /Reply/ }))
    expect(field().value).toBe('An die Kundin')
  })
})

test('who may not reply is told so instead of given a field', () => {
  const queries = new QueryClient()
  queries.setQueryData(['session'], {
    id: 'me',
    name: 'Lin',
    locale: 'en',
    reads: [],
    permissions: ['conversations:read'],
  })
  render(
    <QueryClientProvider client={queries}>
      <Desk seen={1} />
    </QueryClientProvider>,
  )
  expect(screen.queryByRole('textbox')).toBeNull()
})
