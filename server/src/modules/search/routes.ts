import { route } from '../../platform/route.ts'
import { SearchFilter, SearchResults } from './schemas.ts'
import { search } from './search.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/search',
    summary: 'Search messages, conversations and customers',
    description: [
      'All words of `q` must be in one message, in any language: `"a phrase"` as it stands, a `-word` not at all. The last',
      'word may be half typed; a number, with or without `#`, is that of a conversation too. Found are texts, subjects of',
      'mails and names of files, a second after they were written, and only in stores the caller sees.\n\n',
      'Results come by conversation, the one with the newest hit first. A search that would take too long answers with',
      'what it found among the newest messages and says in `searchedBackTo` how far back that is; `next` goes on from there.',
    ].join(' '),
    permission: 'conversations:read',
    query: SearchFilter,
    returns: SearchResults,
    run: (ctx, { query }, { place }) => search(ctx, place, query),
  }),
]
