import { render } from 'preact'
import type { Page } from './api/shapes.ts'
import type { ToChat, ToLauncher } from './bridge.ts'
import { openMemory } from './browser-memory.ts'
import { openChat } from './conversations/chat.ts'
import { connectTo } from './conversations/connection.ts'
import { chooseLocale, loadTexts, type Speech, speak } from './locales/locales.ts'
import { computed, effect, signal } from './signals.ts'
import { coloursFor } from './ui/colours.ts'
import { takeFocus } from './ui/focus.ts'
import { Panel } from './ui/panel.tsx'
import { type Room, RoomContext } from './ui/room.ts'

type Hello = Extract<ToChat, { afar: 'hello' }>

const asked = new URLSearchParams(location.search)
const store = asked.get('store') ?? ''
const hostOrigin = window.parent === window ? null : asked.get('origin')
const memory = openMemory(store)

const chosen = signal(memory.get<string>('locale'))
const hello = signal<Hello | null>(null)
const page = signal<Page | undefined>(undefined)
const wished = computed(() =>
  chooseLocale([chosen.value, hello.value?.dataLocale, hello.value?.pageLang, ...navigator.languages]),
)

const chat = openChat({
  store,
  origin: location.origin,
  memory,
  connect: connectTo(location.origin),
  locale: () => wished.peek() ?? chat.config.peek()?.locale ?? '',
  page: () => page.peek(),
  tell: (name, detail) => tell({ afar: 'event', name, detail }),
})

const locale = computed(() => wished.value ?? chat.config.value?.locale ?? 'en')
const speech = signal<Speech | null>(null)
const draft = signal(memory.get<string>('draft') ?? '')
const isDark = matchMedia('(prefers-color-scheme: dark)')
const ground = signal<'light' | 'dark'>(isDark.matches ? 'dark' : 'light')

function tell(message: ToLauncher) {
  if (hostOrigin) window.parent.postMessage(message, hostOrigin)
}

function leave() {
  tell({ afar: 'close' })
}

function switchLocale(next: string) {
  chosen.value = next
  memory.set('locale', next)
}

function show(text?: string) {
  if (text && !draft.value.includes(text)) draft.value = draft.value ? `${draft.value}\n${text}` : text
  chat.show(true)
  requestAnimationFrame(takeFocus)
}

function welcome(said: Hello) {
  hello.value = said
  page.value = said.page
  if (said.identity !== undefined && chat.identify(said.identity)) draft.value = ''
  if (said.open) show()
  void chat.loadConfig()
  void chat.resume()
}

window.addEventListener('message', event => {
  if (event.source !== window.parent || event.origin !== hostOrigin) return
  const said = event.data as ToChat
  if (said.afar === 'hello' && !hello.value) welcome(said)
  else if (!hello.value) return
  else if (said.afar === 'open') {
    page.value = said.page
    show(said.text)
  } else if (said.afar === 'close') chat.show(false)
  else if (said.afar === 'identify' && chat.identify(said.identity)) draft.value = ''
  else if (said.afar === 'locale') {
    chosen.value = null
    memory.remove('locale')
    hello.value = { ...hello.value, dataLocale: said.locale }
  }
})

for (const news of ['online', 'pageshow']) window.addEventListener(news, chat.wake)
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.wake())
isDark.addEventListener('change', () => {
  ground.value = isDark.matches ? 'dark' : 'light'
})

effect(() => {
  if (!hello.value) return
  const wanted = locale.value
  const company = chat.config.value
  void loadTexts(wanted).then(texts => {
    if (wanted !== locale.peek()) return
    // The shop's own wording counts only in the language it is written in.
    const isSame = company?.locale.slice(0, 2) === wanted.slice(0, 2)
    speech.value = speak(wanted, texts, isSame ? company?.texts : {})
  })
})

let loadedLocale: string | null = null
effect(() => {
  const now = wished.value
  if (hello.value && loadedLocale !== null && loadedLocale !== now) void chat.loadConfig()
  loadedLocale = now
})

effect(() => {
  const now = speech.value
  if (!now) return
  const { say, count, dir } = now
  const colours = coloursFor(chat.config.value?.store.colour ?? '', ground.value)
  const root = document.documentElement
  root.lang = now.locale
  root.dir = dir
  root.style.setProperty('--accent', colours.fill)
  root.style.setProperty('--accent-ink', colours.ink)
  root.style.setProperty('--accent-text', colours.text)
  const title = say('title', { store: chat.config.value?.store.name ?? '' })
  document.title = title
  const unread = chat.unread.value
  const side = chat.config.value?.position ?? 'end'
  const look = { colour: colours.fill, ink: colours.ink, dir, lang: now.locale, title, unread, side } as const
  if (!chat.config.value) return
  tell({
    afar: 'look',
    look: {
      ...look,
      openLabel: say('openChat'),
      closeLabel: say('closeChat'),
      unreadLabel: count('unread', unread),
    },
  })
})

effect(() => {
  if (draft.value) memory.set('draft', draft.value)
  else memory.remove('draft')
})

function draw(first: Speech) {
  const place = document.getElementById('chat')!
  const room: Room = {
    chat,
    speech: computed(() => speech.value ?? first),
    leave: hostOrigin ? leave : null,
    switchLocale,
    draft,
  }
  const drawn = () => {
    tell({ afar: 'drawn' })
    if (chat.isShown.peek()) takeFocus()
  }
  place.textContent = ''
  place.removeAttribute('aria-busy')
  render(
    <RoomContext.Provider value={room}>
      <Panel drawn={drawn} />
    </RoomContext.Provider>,
    place,
  )
}

let isDrawn = false
effect(() => {
  if (isDrawn || !speech.value || !hello.value) return
  isDrawn = true
  const first = speech.value
  queueMicrotask(() => draw(first))
})

if (hostOrigin) tell({ afar: 'ready' })
else {
  const here = { url: location.href.slice(0, 2_000), title: document.title, referrer: document.referrer }
  const pageLang = asked.get('locale') ?? ''
  welcome({ afar: 'hello', dataLocale: '', pageLang, page: here, open: true })
}
