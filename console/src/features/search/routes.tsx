import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/routes.tsx'
import { channels, kinds, type SearchFilter } from './api.ts'

const oneOf = <T extends string>(words: readonly T[], word: unknown) => words.find(known => known === word)
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/search',
  // A number or a word in quotes that was typed is read from the address as what JSON makes of it.
  validateSearch: ({ q, ...search }: Record<string, unknown>): Partial<SearchFilter> => ({
    q: text(q === undefined ? undefined : typeof q === 'string' ? q : JSON.stringify(q)),
    from: oneOf(kinds, search.from),
    authorId: text(search.authorId),
    channel: oneOf(channels, search.channel),
    storeId: text(search.storeId),
    after: text(search.after),
    before: text(search.before),
    mine: search.mine === true ? true : undefined,
    condition: text(
      typeof search.condition === 'object' ? JSON.stringify(search.condition) : search.condition,
    ),
  }),
  component: lazyRouteComponent(() => import('./search-page.tsx'), 'SearchPage'),
})

export const searchRoutes = [page]
