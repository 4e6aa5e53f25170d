// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationRow } from '../api.ts'
import { LinkDialog } from './link-dialog.tsx'

const id = '018f0000-0000-7000-8000-000000000002'
const about = {
  ...{ store: { id: 's', name: 'Nordlicht' }, channel: { id: 'c', kind: 'mail' }, preview: null },
  ...{ status: { category: 'open' }, lastActivityAt: '2026-01-05T09:00:00Z' },
}
const row = { ...about, id, number: 8, customer: { id: 'k', name: 'Anneliese' } } as ConversationRow
const sister = { ...about, id: 'sister', number: 7, subject: 'Teapot', customer: row.customer }
const stranger = {
  ...{ id: 'stranger', number: 1015, subject: 'Teapot too', customer: { id: 'b', name: 'Bruno' } },
  ...{ category: 'open', lastActivityAt: '2026-01-05T09:00:00Z' },
}

let sent: { path: string; body: unknown }[]
let sought: string[]
let refusal: object | null

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  sent = []
  sought = []
  refusal = null
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (request.method === 'POST') {
      sent.push({ path: pathname, body: await request.json() })
      return refusal ? json(409, { error: refusal }) : json(201, { id: 'l1' })
    }
    if (pathname.endsWith('/search')) {
      sought.push(searchParams.get('q')!)
      return json(200, { numbered: stranger, items: [], customers: [] })
    }
    return json(200, { items: [row, sister], next: null })
  })
})
afterEach(() => vi.unstubAllGlobals())

const closed = vi.fn()
function open() {
  const queries = new QueryClient()
  queries.setQueryData(['session'], { id: 'me', name: 'Lin', locale: 'en', permissions: [] })
  render(
    <QueryClientProvider client={queries}>
      <App>
        <LinkDialog row={row} onClose={closed} />
      </App>
    </QueryClientProvider>,
  )
}
const field = () => screen.getByRole('combobox', { name: 'Conversation' })
const link = () => fireEvent.click(screen.getByRole('button', { name: 'Link' }))

describe('linking', () => {
  test('offers the other conversations of the customer, and never this one', async () => {
    open()
    fireEvent.mouseDown(field())
    fireEvent.click(await screen.findByText('#7 Teapot'))
    expect(screen.queryByText(/^#8/)).toBeNull()
    link()
    await waitFor(() => expect(closed).toHaveBeenCalled())
    expect(sent).toEqual([
      { path: `/api/conversations/${id}/links`, body: { kind: 'related', otherId: 'sister' } },
    ])
  })

  test('finds one of another customer by its number', async () => {
    open()
    fireEvent.mouseDown(field())
    fireEvent.change(field(), { target: { value: '#1015' } })
    fireEvent.click(await screen.findByText('#1015 Teapot too'))
    expect(sought).toEqual(['#1015'])
    link()
    await waitFor(() => expect(sent).toMatchObject([{ body: { otherId: 'stranger' } }]))
  })

  test('asks for a conversation, and says why one was refused', async () => {
    refusal = { code: 'already_linked', message: 'x' }
    open()
    link()
    await screen.findByText('Please fill this in')
    expect(sent).toEqual([])
    fireEvent.mouseDown(field())
    fireEvent.click(await screen.findByText('#7 Teapot'))
    link()
    await screen.findByText('These two are linked in this way already.')
  })
})
