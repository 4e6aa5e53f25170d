import { QueryCache, QueryClient } from '@tanstack/react-query'
import { isPassing, Refused } from '../api/client.ts'

/** `onSignedOut` is told when an answer shows that the session has ended. */
export const makeQueries = (onSignedOut: () => void) =>
  new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        if (error instanceof Refused && error.status === 401 && queryKey[0] !== 'setup') onSignedOut()
      },
    }),
    defaultOptions: {
      queries: { retry: (count, error) => isPassing(error) && count < 4, refetchOnWindowFocus: true },
    },
  })
