import type { FastifyRequest } from 'fastify'
import { forbidden } from '../../platform/errors.ts'
import type { Workplace } from '../../platform/work.ts'

type Asking = Pick<FastifyRequest, 'method' | 'headers' | 'host'>

/**
 * Another site's page must not act with our cookie. SameSite=Lax already keeps it from being sent; a
 * neighbour on a subdomain is the same site to the browser and not to us. Clients that send no Origin are
 * no browsers, or old ones that then say where they come from in Sec-Fetch-Site or not at all.
 */
export function assertSameOrigin(place: Pick<Workplace, 'url'>, { method, headers, host }: Asking) {
  if (method === 'GET' || method === 'HEAD') return
  const { origin, 'sec-fetch-site': site } = headers
  const isForeign =
    origin === undefined ? site === 'cross-site' || site === 'same-site' : !isOurs(origin, host, place.url)
  if (isForeign) throw forbidden('foreign_origin', 'This request comes from a page of another site.')
}

const isOurs = (origin: string, host: string, url: string) =>
  URL.canParse(origin) && (new URL(origin).host === host || origin === new URL(url).origin)
