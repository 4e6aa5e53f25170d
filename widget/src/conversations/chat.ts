import { callsOver, isPassing, Refusal, Unreachable } from '../api/calls.ts'
import type {
  Attachment,
  Contact,
  Conversation,
  Identity,
  Message,
  MessagePage,
  Page,
  Posted,
} from '../api/shapes.ts'
import type { BrowserMemory } from '../browser-memory.ts'
import { batch, effect, signal } from '../signals.ts'
import { readAlong } from './catch-up.ts'
import type { Connect } from './connection.ts'
import { deliverOver } from './delivering.ts'
import { exchangeFiles } from './files.ts'
import { listenWith } from './listening.ts'
import { openOutbox, type Unsent } from './outbox.ts'
import { followReading } from './reads.ts'
import { visitShop } from './shop.ts'
import { listMessages, mergeAcknowledged, mergeEarlier, noThread, startThread } from './thread.ts'
import { startUploads } from './uploads.ts'
import { receiveVisitor } from './visitor.ts'

type Parts = {
  store: string
  origin: string
  memory: BrowserMemory
  connect: Connect
  fetch?: typeof fetch
  locale: () => string
  page: () => Page | undefined
  tell?: (event: string, detail: unknown) => void
}

const lookEveryMs = 5_000
const beltMs = 25_000
// Nobody hints when those before one in the queue go away.
const queueMs = 10_000

/** The one conversation of a visitor with a shop, kept true over reloads, cuts, sleep and restarts. */
export function openChat({
  store,
  origin,
  memory,
  connect,
  fetch: ask = (...of) => fetch(...of),
  locale,
  page,
  tell = () => {},
}: Parts) {
  const conversation = signal<Conversation | null>(null)
  const thread = signal(noThread)
  const unsent = signal<Unsent[]>([])
  const isShown = signal(false)
  const isReachable = signal(true)
  const heard = signal<Message[]>([])
  const isNamed = signal(false)

  /** Raised whenever answers under way have become somebody else's, or older than what is known. */
  let epoch = 0
  let newsFrom = 0
  let readAt = 0
  let hasResumed = false

  const met = (error: unknown) => {
    if (error === null) isReachable.value = true
    else if (isPassing(error) && !(error instanceof Refusal && error.status === 429))
      isReachable.value = false
  }
  const listUnsent = () => {
    unsent.value = outbox.list()
  }

  const { call, callOpenly, callWith, giveUpHanging } = callsOver({
    base: `${origin}/api/widget`,
    fetch: ask,
    token: () => visitor.token(),
    renew: refusedToken => visitor.renew(refusedToken),
  })
  const visitor = receiveVisitor({
    store,
    memory,
    call: callOpenly,
    dismiss: token => void callWith(token, 'DELETE', '/session').catch(() => {}),
    locale,
    page,
    changed: forget,
    refused: code => tell('identityRefused', { code }),
  })
  const shop = visitShop({ store, memory, call: callOpenly, locale, met })
  const outbox = openOutbox({
    memory,
    lock: `afar:${store}:outbox`,
    owner: visitor.owner,
    deliver: deliverOver({
      call,
      visitor,
      ensureToken,
      isThere: clientId => listMessages(thread.value).current.some(message => message.clientId === clientId),
      acknowledged(entry, posted) {
        met(null)
        acknowledge(posted)
        memory.set(`out:${entry.clientId}`, { ...entry, posted })
      },
    }),
    changed: listUnsent,
    met,
  })
  const reads = followReading({ call, conversation, thread, isShown, met })
  const reading = readAlong({
    call,
    thread: () => thread.value,
    setThread: next => {
      thread.value = next
    },
    adopt,
    epoch: () => epoch,
    arrived,
    met(error) {
      met(error)
      if (error !== null) return
      readAt = Date.now()
      reads.mark()
    },
  })
  const listening = listenWith(connect, {
    token: visitor.token,
    up() {
      met(null)
      giveUpHanging()
      void reading.refreshTail()
      void outbox.flush()
    },
    hint({ name, seq }) {
      if (name === 'message.added' && seq && seq <= thread.value.cursor) return
      reading.refreshSoon(name === 'message.updated' && seq ? seq - 1 : undefined)
    },
    refused: () => void visitor.renew(visitor.token() ?? '').catch(met),
  })
  const files = exchangeFiles({ origin, fetch: ask, ensureToken, renew: visitor.renew })
  const uploads = startUploads({ send: files.send, limits: () => shop.config.value?.uploads })

  function forget() {
    epoch++
    batch(() => {
      conversation.value = null
      thread.value = noThread
      heard.value = []
      reads.reset()
      isNamed.value = visitor.owner() !== ''
      listUnsent()
    })
    listening.hangUp()
    if (hasResumed && visitor.token()) void reading.refresh()
  }

  async function ensureToken(): Promise<string> {
    if (!visitor.token()) await begin()
    const token = visitor.token()
    if (!token) throw new Unreachable()
    return token
  }

  /** Opens or goes on with the visitor's session and takes its conversation. */
  async function begin() {
    const opened = await visitor.open()
    adopt(opened.conversation)
    if (opened.conversation) void reading.refresh()
  }

  function adopt(next: Conversation | null) {
    const now = conversation.value
    batch(() => {
      if (now?.id !== next?.id) {
        epoch++
        const { current, earlier } = listMessages(thread.value)
        thread.value = next ? startThread(next, [...earlier, ...current]) : noThread
        newsFrom = next?.lastSeq ?? 0
        reads.reset()
      }
      const agentReadSeq = Math.max(
        next?.agentReadSeq ?? 0,
        now && now.id === next?.id ? now.agentReadSeq : 0,
      )
      conversation.value = next && { ...next, agentReadSeq }
    })
    follow()
  }

  const follow = () => {
    const now = conversation.value
    void listening.follow(now && (now.status !== 'resolved' || isShown.value) ? now.id : null)
  }

  function acknowledge({ message, conversation: next }: Posted) {
    const before = conversation.value
    batch(() => {
      if (next) adopt(next)
      thread.value = mergeAcknowledged(thread.value, message)
    })
    // An answer under way that was given before this one would set it back.
    if (before?.status !== next?.status) epoch++
    if (thread.value.cursor < message.seq) void reading.refresh()
  }

  function arrived(fresh: Message[]) {
    const news = fresh.filter(({ from, seq }) => from !== 'customer' && seq > newsFrom)
    if (news.length > 0) heard.value = news
    if (news.some(({ from }) => from === 'agent')) listening.quiet()
    for (const { from, seq, text } of news) if (from === 'agent') tell('message', { seq, text })
    listUnsent()
  }

  /** Back from sleep, from another tab, from a cut: everything is looked at once more. */
  function wake() {
    listening.check()
    void outbox.flush()
    if (conversation.value) void reading.refreshTail()
  }

  function look() {
    if (!conversation.value) {
      if (isShown.value && shop.ageMs() > 2 * beltMs) void shop.load()
      return
    }
    follow()
    listening.check()
    const isQueued = conversation.value.queue !== null
    const every = !listening.isUp() ? lookEveryMs : isQueued ? queueMs : beltMs
    if (isShown.value && Date.now() - readAt > every) void reading.refresh()
  }

  const stopHearing = memory.onChange((key, value) => {
    if (!key.startsWith('out:')) return
    const posted = (value as { posted?: Posted } | null)?.posted
    if (posted && visitor.token()) acknowledge(posted)
    listUnsent()
  })
  const stopTelling = effect(() => tell('unread', { count: reads.unread.value }))
  const looking = setInterval(look, lookEveryMs)
  isNamed.value = visitor.owner() !== ''
  listUnsent()

  return {
    config: shop.config,
    configRefused: shop.refused,
    loadConfig: shop.load,
    conversation,
    thread,
    unsent,
    unread: reads.unread,
    typing: listening.typing,
    heard,
    isShown,
    isReachable,
    uploads,
    outbox,
    memory,
    wake,
    isNamed,
    say: listening.say,

    /** Goes on where this visitor left off; a new visitor gets no session before he writes. */
    async resume() {
      hasResumed = true
      if (!visitor.token() && !visitor.isProven() && unsent.value.length === 0) return
      await begin().catch(error => {
        met(error)
        if (visitor.token()) void reading.refresh()
      })
      void outbox.flush()
    },

    show(on: boolean) {
      isShown.value = on
      follow()
      if (!on) return
      if (hasResumed && shop.ageMs() > beltMs) void shop.load()
      wake()
      reads.mark()
    },

    send(text: string, attachments: Attachment[], contact?: Contact) {
      outbox.add({ text, attachments, page: page(), ...(contact ? { contact } : {}) })
    },

    /** True when somebody else sits here now. */
    identify(identity: Identity | null): boolean {
      const isAnother = visitor.identify(identity)
      if (isAnother) {
        outbox.clear()
        uploads.clear()
        memory.remove('contact')
      }
      const { name, email, phone } = identity ?? {}
      if (identity && !visitor.isProven()) memory.set('contact', { name, email, phone })
      if (hasResumed && isAnother && visitor.isProven()) void begin().catch(met)
      return isAnother
    },

    async loadEarlier() {
      const from = Math.max(0, thread.value.floor - 100)
      const started = epoch
      const { items } = await call<MessagePage>('GET', `/messages?afterSeq=${from}&limit=100`)
      if (epoch === started) thread.value = mergeEarlier(thread.value, from, items)
    },

    loadFile: files.load,

    stop() {
      clearInterval(looking)
      stopHearing()
      stopTelling()
      reading.stop()
      visitor.stop()
      outbox.stop()
      listening.hangUp()
    },
  }
}

export type Chat = ReturnType<typeof openChat>
