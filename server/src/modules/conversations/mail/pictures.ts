import { notFound } from '../../../platform/errors.ts'
import { readImage } from '../../../platform/images.ts'
import { type Outbound, OutboundError } from '../../../platform/outbound.ts'

const mostBytes = 8_000_000

/**
 * The picture at this place of a mail, counted among its remote ones. Only what stands in the mail is fetched, by
 * our address and without a word of who looks, and it is handed on only if its bytes are a picture.
 */
export async function fetchPicture(outbound: Outbound, html: string, place: number) {
  const url = remotePictures(html)[place]
  if (!url) throw notFound('picture')
  try {
    const { status, body } = await outbound.request({
      method: 'GET',
      url,
      maxBytes: mostBytes,
      timeoutMs: 10_000,
    })
    const image = status === 200 ? readImage(body) : null
    if (!image) throw notFound('picture')
    return { type: image.type, body }
  } catch (error) {
    throw error instanceof OutboundError ? notFound('picture') : error
  }
}

/** In the order in which a browser meets them. Ours is the HTML, so it is written in one way only. */
export function remotePictures(html: string): string[] {
  const found: string[] = []
  const mark = 'data-remote-src="'
  for (let at = html.indexOf(mark); at !== -1; at = html.indexOf(mark, at)) {
    const end = html.indexOf('"', at + mark.length)
    if (end === -1) break
    found.push(html.slice(at + mark.length, end).replaceAll('&amp;', '&'))
    at = end
  }
  return found
}
