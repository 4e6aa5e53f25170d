import createDOMPurify from 'dompurify'
import type { Schemas } from '../../../api/client.ts'

type Shown = Schemas['MailHtml'] & { messageId: string; hasRemotePictures: boolean }

const tags =
  'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr'
const attributes =
  'align alt bgcolor border cellpadding cellspacing class color cols colspan data-cid data-remote-at dir face frame height href id lang noshade nowrap rowspan rules scope size span start style summary title type valign value width'

const links = /^(?:https?|mailto|tel):/i

/**
 * The HTML of a mail for its frame. The server has sanitised it; here it is done once more by another hand, in the
 * frame's own realm where the console's policy on styles does not reach. A remote picture is known to the server by
 * its place in the text, so places are marked before anything can be taken out.
 */
export function frameContent(
  frame: Window & typeof globalThis,
  { html, pictures, messageId, hasRemotePictures }: Shown,
): string {
  let places = 0
  const marked = html.replaceAll('data-remote-src="', sign => `data-remote-at="${places++}" ${sign}`)
  const purify = createDOMPurify(frame)
  const files = new Map(pictures.map(({ contentId, url }) => [contentId, url]))
  purify.addHook('afterSanitizeAttributes', node => {
    if (!links.test(node.getAttribute('href') ?? '')) node.removeAttribute('href')
    if (node.hasAttribute('href')) {
      node.setAttribute('target', '_blank')
      node.setAttribute('rel', 'noopener noreferrer nofollow')
    }
    if (node.nodeName === 'IMG') place(node, files, hasRemotePictures ? messageId : null)
  })
  return purify.sanitize(marked, {
    ALLOWED_TAGS: tags.split(' '),
    ALLOWED_ATTR: attributes.split(' '),
    ADD_URI_SAFE_ATTR: ['data-cid'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  })
}

function place(picture: Element, files: Map<string, string>, remoteOf: string | null) {
  const file = files.get(picture.getAttribute('data-cid') ?? '')
  const at = picture.getAttribute('data-remote-at')
  if (file?.startsWith('/api/files/')) picture.setAttribute('src', file)
  else if (isTracker(picture)) picture.setAttribute('hidden', '')
  else if (remoteOf && at && /^\d+$/.test(at))
    picture.setAttribute('src', `/api/messages/${encodeURIComponent(remoteOf)}/pictures/${at}`)
  for (const name of ['data-cid', 'data-remote-at']) picture.removeAttribute(name)
}

/** A picture nobody can see is there to tell the sender that somebody looked. */
const isTracker = (picture: Element) =>
  ['width', 'height'].some(side => Number.parseInt(picture.getAttribute(side) ?? '', 10) <= 2)

export const hasRemotePictures = (html: string) => html.includes('data-remote-src="')
