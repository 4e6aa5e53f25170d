import type { Identity } from '../api/shapes.ts'
import type { Look, ToChat, ToLauncher } from '../bridge.ts'
import { build } from './frame.ts'

type Hear = (detail: unknown) => void
type Afar = ((...call: unknown[]) => void) & { q?: ArrayLike<unknown>[]; loaded?: true }

const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-store]')
const page = window as unknown as { Afar?: Afar }

if (script?.dataset.store && !page.Afar?.loaded) start(script, script.dataset.store)

function start({ src, dataset }: HTMLScriptElement, store: string) {
  const { origin } = new URL(src, location.href)
  const waiting = page.Afar?.q ?? []
  const hearers: Record<string, Hear[]> = {}
  const address = `${origin}/widget/?store=${encodeURIComponent(store)}&origin=${encodeURIComponent(location.origin)}`
  const frame = build(address, { open, close })

  let isReady = false
  let isOpen = false
  let dataLocale = dataset.locale ?? ''
  let identity: Identity | null | undefined
  let opener: Element | null = null
  let text: string | undefined

  const here = () => ({
    url: location.href.split('#')[0]!.slice(0, 2_000),
    title: document.title.slice(0, 300),
    referrer: document.referrer.slice(0, 2_000),
  })
  const say = (message: ToChat) => isReady && frame.window()?.postMessage(message, origin)
  const tell = (name: string, detail?: unknown) => {
    for (const hear of hearers[name] ?? []) hear(detail)
  }

  function open() {
    if (isOpen) return
    isOpen = true
    opener = document.activeElement
    frame.load()
    frame.show()
    say({ afar: 'open', page: here(), ...(text ? { text } : {}) })
    tell('open')
  }

  function close() {
    if (!isOpen) return
    isOpen = false
    frame.hide(opener)
    say({ afar: 'close' })
    tell('close')
  }

  const verbs: Record<string, (...given: never[]) => void> = {
    open(given?: { text?: string }) {
      text = given?.text
      if (isOpen) say({ afar: 'open', page: here(), ...(text ? { text } : {}) })
      else open()
    },
    close,
    identify(given: Identity | null) {
      identity = given
      say({ afar: 'identify', identity: given })
    },
    locale(given: string) {
      dataLocale = given
      say({ afar: 'locale', locale: given })
    },
    on(name: string, hear: Hear) {
      hearers[name] = [...(hearers[name] ?? []), hear]
    },
  }

  window.addEventListener('message', event => {
    if (event.origin !== origin || event.source !== frame.window()) return
    const said = event.data as ToLauncher
    if (said.afar === 'ready') {
      isReady = true
      const pageLang = document.documentElement.lang
      say({
        afar: 'hello',
        dataLocale,
        pageLang,
        page: here(),
        open: isOpen,
        ...(identity === undefined ? {} : { identity }),
      })
      if (isOpen && text) say({ afar: 'open', page: here(), text })
      tell('ready')
    } else if (said.afar === 'look') frame.dress(said.look as Look)
    else if (said.afar === 'drawn') frame.drawn(isOpen)
    else if (said.afar === 'close') close()
    else if (said.afar === 'event') tell(said.name, said.detail)
  })

  const afar: Afar = (...call) => verbs[call[0] as string]?.(...(call.slice(1) as never[]))
  afar.loaded = true
  page.Afar = afar
  for (const call of [...waiting]) afar(...Array.from(call))

  const put = () => {
    frame.put()
    const load = () =>
      'requestIdleCallback' in window
        ? requestIdleCallback(frame.load, { timeout: 3_000 })
        : setTimeout(frame.load, 500)
    if (document.readyState === 'complete') load()
    else window.addEventListener('load', load)
  }
  if (document.body) put()
  else document.addEventListener('DOMContentLoaded', put)
}
