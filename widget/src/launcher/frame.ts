import type { Look } from '../bridge.ts'
import css from './launcher.css?inline'

/** The button and the panel, in a shadow root where no style of the shop reaches them and theirs reach nothing. */
export function build(address: string, { open, close }: { open: () => void; close: () => void }) {
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const button = add('button', 'launcher')
  const badge = add('b', 'badge', button)
  const panel = add('div', 'panel')
  const veil = add('div', 'veil', panel)
  const iframe = document.createElement('iframe')
  const phone = matchMedia('(max-width: 30em), (max-height: 30em)')
  let isOpen = false
  let look: Look | null = null
  let scrolling = ''

  style(root)
  host.id = 'afar'
  button.type = 'button'
  button.prepend(icon('M4 5.5h16v11H11l-4.5 3.6v-3.6H4z', 'speak'), icon('m6 9.5 6 6 6-6', 'fold'))
  button.onclick = () => (isOpen ? close() : open())
  for (let i = 0; i < 4; i++) add('i', '', veil)
  badge.hidden = true
  panel.setAttribute('role', 'dialog')
  iframe.allow = 'clipboard-write'
  name('Chat', 'Chat')
  window.visualViewport?.addEventListener('resize', fit)
  window.visualViewport?.addEventListener('scroll', fit)
  phone.addEventListener('change', fit)
  // Without an answer from Afar the button comes in its own colour; with one it comes in the shop's.
  setTimeout(() => host.classList.add('here'), 2_500)

  function add<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, into: Node = root) {
    const element = document.createElement(tag)
    if (className) element.className = className
    into.appendChild(element)
    return element
  }

  function name(label: string, title: string) {
    button.setAttribute('aria-label', label)
    button.setAttribute('aria-expanded', String(isOpen))
    panel.setAttribute('aria-label', title)
    iframe.title = title
  }

  function draw() {
    if (!look) return
    const { unread, unreadLabel, openLabel, closeLabel, title } = look
    badge.hidden = isOpen || unread === 0
    badge.textContent = unread > 99 ? '99+' : String(unread)
    name(isOpen ? closeLabel : unread > 0 ? `${openLabel}, ${unreadLabel}` : openLabel, title)
  }

  /** On a phone the panel is the screen that is left above the keyboard. */
  function fit() {
    const view = window.visualViewport
    const isFull = isOpen && phone.matches
    panel.style.height = isFull && view ? `${view.height}px` : ''
    panel.style.top = isFull && view ? `${view.offsetTop}px` : ''
    panel.setAttribute('aria-modal', String(isFull))
    const page = document.documentElement.style
    if (isFull && page.overflow !== 'hidden') [scrolling, page.overflow] = [page.overflow, 'hidden']
    else if (!isFull && page.overflow === 'hidden') page.overflow = scrolling
  }

  const toggle = (on: boolean) => {
    isOpen = on
    host.classList.toggle('open', on)
    if (!look) name('Chat', 'Chat')
    draw()
    fit()
  }

  return {
    put: () => void document.body.appendChild(host),
    load() {
      if (iframe.src) return
      iframe.src = address
      panel.appendChild(iframe)
    },
    window: () => iframe.contentWindow,
    dress(next: Look) {
      look = next
      host.dir = next.dir
      host.lang = next.lang
      host.classList.toggle('start', next.side === 'start')
      host.style.setProperty('--accent', next.colour)
      host.style.setProperty('--ink', next.ink)
      host.classList.add('here')
      draw()
    },
    drawn(isShown: boolean) {
      host.classList.add('drawn')
      if (isShown) iframe.focus()
    },
    show() {
      toggle(true)
      host.classList.add('here')
      iframe.focus()
    },
    hide(opener: Element | null) {
      toggle(false)
      const back =
        opener instanceof HTMLElement && opener !== document.body && opener !== host && opener.isConnected
          ? opener
          : button
      back.focus()
    },
  }
}

function icon(path: string, className: string) {
  const of = <Tag extends keyof SVGElementTagNameMap>(tag: Tag, attributes: Record<string, string>) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const key in attributes) element.setAttribute(key, attributes[key]!)
    return element
  }
  const svg = of('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: className })
  svg.appendChild(of('path', { d: path }))
  return svg
}

/** Constructed sheets are not inline styles to a content security policy; only old browsers get an element. */
function style(root: ShadowRoot) {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
  } catch {
    root.appendChild(document.createElement('style')).textContent = css
  }
}
