// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { rootRoute, shellRoute } from '../../shell/routes.tsx'
import type { Results } from './api.ts'
import { searchRoutes } from './routes.tsx'

// The library behind it asks for parts of Ant Design in a way only a bundler understands.
vi.mock('./condition-drawer.tsx', () => ({ ConditionDrawer: () => null }))

const nothing: Results = {
  ...{ customers: [], numbered: null, items: [], next: null, count: null },
  ...{ searchedBackTo: null, indexing: null },
}
const lin = { id: '018f0000-0000-7000-8000-00000000000a', name: 'Lin' }

const found = (number: number, snippet: string, sought: string): Results['items'][number] => ({
  conversation: {
    ...{ id: `c${number}`, number, store: { id: 's', name: 'Nordlicht' }, channelKind: 'mail' },
    ...{ customer: { id: 'k', name: 'Anneliese' }, category: 'open', assignee: null, subject: null },
    lastActivityAt: '2026-01-05T09:00:00Z',
  },
  hits: [
    {
      ...{ messageId: `m${number}`, seq: 3, kind: 'customer', author: 'Anneliese', part: 'text', snippet },
      ranges: [{ start: snippet.indexOf(sought), end: snippet.indexOf(sought) + sought.length }],
      at: '2026-01-05T09:00:00Z',
    },
  ],
  hitCount: 1,
})

let asked: URLSearchParams[]
let answer: (query: URLSearchParams) => Results | Response

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

beforeEach(() => {
  asked = []
  answer = () => nothing
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/api/staff') return json(200, { items: [lin], next: null })
    if (pathname !== '/api/search') return json(200, { items: [], next: null })
    asked.push(searchParams)
    const given = answer(searchParams)
    return given instanceof Response ? given : json(200, given)
  })
})
afterEach(() => vi.unstubAllGlobals())

function open(address: string) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(['session'], {
    ...{ id: 'me', name: 'Lin', locale: 'en', zone: 'UTC', reads: [] },
    permissions: ['conversations:read', 'staff:read'],
  })
  const router = createRouter({
    routeTree: rootRoute.addChildren([shellRoute.addChildren(searchRoutes)]),
    history: createMemoryHistory({ initialEntries: [address] }),
    context: { queries },
  })
  render(
    <QueryClientProvider client={queries}>
      <App>
        <RouterProvider router={router as never} />
      </App>
    </QueryClientProvider>,
  )
  return router
}

describe('what was found', () => {
  test('stands with its words marked, as text and never as markup', async () => {
    answer = () => ({ ...nothing, items: [found(7, 'My <b>jacket</b> is torn', '<b>jacket</b>')] })
    open('/search?q=jacket')
    const mark = await screen.findByText('<b>jacket</b>')
    expect(mark.tagName).toBe('MARK')
    expect(mark.closest('a')!.getAttribute('href')).toBe('/inbox/c7?at=3')
  })

  test('is followed by what lies further back when it is asked for', async () => {
    answer = query =>
      query.get('cursor') === 'second'
        ? { ...nothing, items: [found(2, 'An old jacket', 'jacket')] }
        : { ...nothing, items: [found(7, 'A new jacket', 'jacket')], next: 'second' }
    open('/search?q=jacket')
    fireEvent.click(await screen.findByRole('button', { name: 'Show more' }))
    await waitFor(() => expect(screen.getAllByText('jacket')).toHaveLength(2))
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  })

  test('says how far it got where all of it would have taken too long', async () => {
    answer = () => ({ ...nothing, next: 'on', searchedBackTo: '2025-06-01T09:00:00Z' })
    open('/search?q=jacket')
    expect(await screen.findByRole('button', { name: 'Search further back' })).toBeTruthy()
    expect(screen.queryByText('Nothing found')).toBeNull()
  })
})

test('where nothing was found it says so, and what to try', async () => {
  open('/search?q=unicorn')
  expect(await screen.findByText('Nothing found')).toBeTruthy()
  expect(screen.getByText('Try fewer or other words, or remove a filter.')).toBeTruthy()
})

test('what one may not search is said', async () => {
  answer = () => json(403, { error: { code: 'permission_denied', message: '', details: null } })
  open('/search?q=jacket')
  expect(await screen.findByText('You may not see this')).toBeTruthy()
})

test('what failed can be tried again', async () => {
  answer = () => json(503, { error: { code: 'unavailable', message: '', details: null } })
  open('/search?q=coat')
  const again = await screen.findByRole('button', { name: /Try again/ })
  answer = () => ({ ...nothing, items: [found(7, 'A coat', 'coat')] })
  fireEvent.click(again)
  expect((await screen.findByText('coat')).tagName).toBe('MARK')
})

describe('a search', () => {
  test('is not asked for before something is typed, and then once the hand rests', async () => {
    const router = open('/search')
    expect(await screen.findByText('Type what you are looking for')).toBeTruthy()
    expect(asked).toEqual([])
    const field = screen.getByRole('textbox', { name: 'Search' })
    for (const typed of ['j', 'ja', 'jacket']) fireEvent.change(field, { target: { value: typed } })
    await waitFor(() => expect(asked.map(query => query.get('q'))).toEqual(['jacket']))
    expect(router.state.location.search).toMatchObject({ q: 'jacket' })
  })

  test('is narrowed by what its address says, whoever wrote it among them', async () => {
    open(`/search?q=jacket&from=reply&authorId=${lin.id}&channel=mail&mine=true`)
    await waitFor(() => expect(asked).toHaveLength(1))
    expect(Object.fromEntries(asked[0]!)).toEqual({
      ...{ q: 'jacket', from: 'reply', authorId: lin.id, channel: 'mail', mine: 'true' },
    })
    expect(await screen.findByText('Lin')).toBeTruthy()
  })

  test('forgets all that narrows it at one stroke, and keeps its words', async () => {
    const router = open(`/search?q=jacket&authorId=${lin.id}&mine=true`)
    fireEvent.click(await screen.findByRole('button', { name: 'Clear filters' }))
    await waitFor(() => expect(asked).toHaveLength(2))
    expect(Object.fromEntries(asked[1]!)).toEqual({ q: 'jacket' })
    expect(router.state.location.search).toEqual({ q: 'jacket' })
  })
})
