import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../shell/routes.tsx'

/** `step` and `refused`: with what somebody comes back from a giver of identities. */
type Search = { next?: string; step?: 'code'; refused?: string }

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // Only an address of ours: `//elsewhere` would lead out of the house.
  validateSearch: ({ next, step, refused }): Search => ({
    ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) && { next }),
    ...(step === 'code' && { step }),
    ...(typeof refused === 'string' && { refused }),
  }),
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignIn'),
})

export const signInRoutes = [signIn]
