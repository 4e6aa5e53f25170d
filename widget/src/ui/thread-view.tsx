import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Attachment, Message } from '../api/shapes.ts'
import { listMessages } from '../conversations/thread.ts'
import { Attached } from './attached.tsx'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'
import { Said } from './said.tsx'

type Line = {
  key: string
  from: Message['from']
  name: string | null
  text: string
  attachments: Attachment[]
  at: string
  state?: 'sending' | 'sent' | 'read' | 'failed'
  clientId?: string
  code?: string
}

const together = 5 * 60_000

export function ThreadView({ children }: { children?: ComponentChildren }) {
  const { chat } = useRoom()
  const speech = useSpeech()
  const thread = useValue(chat.thread)
  const unsent = useValue(chat.unsent)
  const typing = useValue(chat.typing)
  const { agentReadSeq = 0 } = useValue(chat.conversation) ?? {}
  const { earlier, current } = listMessages(thread)
  const lines = [...current.map(message => lineOf(message, agentReadSeq)), ...unsentLines()]
  const { box, below, toEnd, onScroll } = useEnd(lines.at(-1), typing !== null, current)

  function unsentLines(): Line[] {
    const known = new Set(current.map(({ clientId }) => clientId))
    return unsent
      .filter(({ clientId }) => !known.has(clientId))
      .map(({ clientId, text, attachments, at, failed }) => ({
        key: clientId,
        clientId,
        from: 'customer',
        name: null,
        text,
        attachments,
        at: new Date(at).toISOString(),
        state: failed ? 'failed' : 'sending',
        code: failed,
      }))
  }

  return (
    <section
      class="scroll"
      ref={box}
      onScroll={onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: Safari scrolls by keyboard only what has focus.
      tabIndex={0}
      aria-label={speech.say('conversation')}
    >
      {thread.floor > 0 && <Earlier />}
      <ol class="thread">
        {earlier.length === 0 && thread.floor === 0 && <Greeting />}
        {earlier.length > 0 && rows(earlier.map(message => lineOf(message, 0)))}
        {earlier.length > 0 && (
          <li class="divider">
            <span>{speech.say('newConversation')}</span>
          </li>
        )}
        {rows(lines)}
        {typing !== null && (
          <li class="line theirs">
            <div class="bubble typing">
              <span class="unseen">{speech.say('isTyping', { name: typing || speech.say('team') })}</span>
              <i />
              <i />
              <i />
            </div>
          </li>
        )}
      </ol>
      {children}
      {below > 0 && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" />
          {speech.count('newBelow', below)}
        </button>
      )}
    </section>
  )

  function rows(list: Line[]) {
    return list.flatMap((line, i) => {
      const [before, after] = [list[i - 1], list[i + 1]]
      const day = speech.day(line.at)
      const isNewDay = !before || speech.day(before.at) !== day
      const divider = (
        <li class="divider day" key={`day ${day}`}>
          <span>{day}</span>
        </li>
      )
      const row = (
        <LineView
          key={line.key}
          line={line}
          isFirst={isNewDay || !joins(before, line)}
          isLast={!joins(line, after)}
        />
      )
      return isNewDay ? [divider, row] : [row]
    })
  }
}

function lineOf(message: Message, agentReadSeq: number): Line {
  const { id, clientId, seq, from, author, text, attachments, createdAt } = message
  const state = from === 'customer' ? (seq <= agentReadSeq ? 'read' : 'sent') : undefined
  // The key stays the same when an unsent line becomes a message, so that nothing flickers.
  return { key: clientId ?? id, from, name: author?.name ?? null, text, attachments, at: createdAt, state }
}

const joins = (a: Line | undefined, b: Line | undefined) =>
  Boolean(
    a &&
      b &&
      a.from === b.from &&
      a.name === b.name &&
      a.state !== 'failed' &&
      Date.parse(b.at) - Date.parse(a.at) < together,
  )

function LineView({ line, isFirst, isLast }: { line: Line; isFirst: boolean; isLast: boolean }) {
  const speech = useSpeech()
  const { from, name, text, attachments, at, state } = line
  if (from === 'system')
    return (
      <li class="line system">
        <span dir="auto">{text}</span>
      </li>
    )
  const isOwn = from === 'customer'
  const who = isOwn ? speech.say('you') : (name ?? speech.say('team'))
  return (
    <li class={`line ${isOwn ? 'own' : 'theirs'}${isFirst ? ' first' : ''}${isLast ? ' last' : ''}`}>
      <span class={isOwn || !isFirst ? 'unseen' : 'who'}>
        <bdi>{who}</bdi>
      </span>
      {text && (
        <div class="bubble">
          <Said text={text} />
        </div>
      )}
      {attachments.length > 0 && <Attached attachments={attachments} />}
      {state === 'failed' ? (
        <Failed line={line} />
      ) : (
        (isLast || state === 'sending') && (
          <span class="foot">
            <time dateTime={at} title={speech.moment(at)}>
              {speech.time(at)}
            </time>
            {state && (
              <span class={`tick ${state}`} title={speech.say(state)}>
                <Icon name={state === 'sending' ? 'clock' : state} />
                <span class="unseen">{speech.say(state)}</span>
              </span>
            )}
          </span>
        )
      )}
    </li>
  )
}

function Failed({ line }: { line: Line }) {
  const { chat } = useRoom()
  const speech = useSpeech()
  const reason =
    line.code === 'too_large' ? 'tooLong' : line.code === 'identity_required' ? 'signInFirst' : 'failed'
  return (
    <span class="foot failed" role="alert">
      <span>{speech.say(reason)}</span>
      <button type="button" onClick={() => chat.outbox.retry(line.clientId!)}>
        {speech.say('retry')}
      </button>
      <button type="button" onClick={() => chat.outbox.remove(line.clientId!)}>
        {speech.say('remove')}
      </button>
    </span>
  )
}

function Greeting() {
  const speech = useSpeech()
  const config = useValue(useRoom().chat.config)
  return (
    <li class="line theirs first last">
      <span class="who">
        <bdi>{config?.store.name}</bdi>
      </span>
      <div class="bubble">
        <Said text={speech.say('greeting')} />
      </div>
    </li>
  )
}

function Earlier() {
  const { chat } = useRoom()
  const speech = useSpeech()
  const [isLoading, setLoading] = useState(false)
  const load = () => {
    const box = document.querySelector('.scroll')!
    const fromEnd = box.scrollHeight - box.scrollTop
    setLoading(true)
    chat
      .loadEarlier()
      .catch(() => {})
      .finally(() => {
        setLoading(false)
        requestAnimationFrame(() => {
          box.scrollTop = box.scrollHeight - fromEnd
        })
      })
  }
  return (
    <button type="button" class="plain earlier" onClick={load} disabled={isLoading}>
      {speech.say('showEarlier')}
    </button>
  )
}

/** Stays at the end while the reader is there; counts what came below when he is not. */
function useEnd(newest: Line | undefined, isTyping: boolean, current: Message[]) {
  const box = useRef<HTMLElement>(null)
  const isAtEnd = useRef(true)
  const top = useRef(0)
  const lastSeq = useRef(0)
  const seenSeq = useRef(0)
  const [below, setBelow] = useState(0)
  lastSeq.current = current.at(-1)?.seq ?? 0

  const toEnd = () => {
    const element = box.current!
    element.scrollTop = element.scrollHeight
    top.current = element.scrollTop
    isAtEnd.current = true
    seenSeq.current = lastSeq.current
    setBelow(0)
  }
  useLayoutEffect(() => {
    if (isAtEnd.current || newest?.from === 'customer') toEnd()
    else setBelow(current.filter(({ seq, from }) => from !== 'customer' && seq > seenSeq.current).length)
  }, [newest?.key, isTyping])
  useLayoutEffect(() => {
    // Pictures and the composer change heights after the fact.
    const watch = new ResizeObserver(() => isAtEnd.current && toEnd())
    watch.observe(box.current!)
    watch.observe(box.current!.querySelector('.thread')!)
    return () => watch.disconnect()
  }, [])
  return {
    box,
    below,
    toEnd,
    onScroll() {
      const { scrollTop, scrollHeight, clientHeight } = box.current!
      // The event comes after the fact: a picture drawn meanwhile must not look like the reader's going up.
      if (scrollHeight - scrollTop - clientHeight < 60) isAtEnd.current = true
      else if (scrollTop < top.current) isAtEnd.current = false
      top.current = scrollTop
      if (isAtEnd.current && below > 0) toEnd()
    },
  }
}
