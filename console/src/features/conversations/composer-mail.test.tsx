// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationRow } from './api.ts'
import { Composer } from './composer.tsx'
import { changeDraft } from './drafts.ts'
import { noEdits } from './mail/recipients.ts'

const id = '018f0000-0000-7000-8000-000000000002'
const row = {
  id,
  number: 8,
  lastSeq: 3,
  store: { id: 's', name: 'Nordlicht' },
  channel: { id: 'c', kind: 'mail' },
  customer: { id: 'k', name: 'Anneliese', language: 'de', country: 'DE', zone: null },
  language: 'de',
} as ConversationRow

const draft = {
  from: { name: 'Nordlicht', address: 'help@nordlicht.example' },
  to: [{ name: 'Anneliese', address: 'anne@buyer.example' }],
  others: [{ name: 'Klaus', address: 'klaus@buyer.example' }],
  subject: 'Re: Teekanne',
  signature: 'Nordlicht',
  undoSeconds: 10,
  suppressed: [{ address: 'anne@buyer.example', reason: 'hard_bounce' }],
}

let sent: { path: string; body: Record<string, unknown> }[]

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (path.endsWith('/mail-draft')) return json(200, draft)
    if (request.method !== 'POST') return json(200, { items: [] })
    const body = await request.json()
    sent.push({ path, body })
    return json(201, { id: 'h1', conversationId: id, clientId: body.clientId, attachments: [] })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function open() {
  const queries = new QueryClient()
  const permissions = ['conversations:reply', 'customers:contact-details']
  queries.setQueryData(['session'], { id: 'me', name: 'Lin', locale: 'en', reads: [], permissions })
  render(
    <QueryClientProvider client={queries}>
      <App>
        <Composer row={row} seenSeq={3} onSeen={() => {}} />
      </App>
    </QueryClientProvider>,
  )
  await screen.findByText('Re: Teekanne')
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' })
function send(text: string) {
  fireEvent.change(field(), { target: { value: text } })
  fireEvent.keyDown(field(), { key: 'Enter', ctrlKey: true })
}

describe('a reply by mail', () => {
  test('waits the seconds in which it can be undone, and says nothing of what was left as it was', async () => {
    await open()
    send('Ist unterwegs.')
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]!.path).toMatch(/held-replies$/)
    expect(sent[0]!.body).toMatchObject({ text: 'Ist unterwegs.', why: 'undo', lastSeenSeq: 3 })
    expect(sent[0]!.body).not.toHaveProperty('mail')
  })

  test('goes to the others only when somebody adds them', async () => {
    await open()
    fireEvent.click(screen.getByTitle('Change recipients and subject'))
    fireEvent.click(await screen.findByText('Add 1 other'))
    send('Ist unterwegs.')
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]!.body.mail).toMatchObject({ cc: [{ name: 'Klaus', address: 'klaus@buyer.example' }] })
  })

  test('is not sent while one of its addresses is none', async () => {
    changeDraft(id, () => ({ mail: { ...noEdits, cc: ['klaus@'] } }))
    await open()
    expect(screen.getByRole('alert').textContent).toContain('klaus@')
    send('Ist unterwegs.')
    expect(sent).toHaveLength(0)
  })

  test('that was taken back stands in the field with its recipients, before what was begun meanwhile', async () => {
    await open()
    fireEvent.change(field(), { target: { value: 'Zweitens' } })
    act(() =>
      changeDraft(id, now => ({
        reply: `Erstens\n\n${now.reply}`,
        mail: { ...noEdits, bcc: ['chef@nordlicht.example'] },
      })),
    )
    expect(field().value).toBe('Erstens\n\nZweitens')
    expect(screen.getByText('chef@nordlicht.example')).toBeTruthy()
  })

  test('warns of an address that mail came back from', async () => {
    await open()
    expect(screen.getByText(/anne@buyer.example does not exist/)).toBeTruthy()
  })
})
