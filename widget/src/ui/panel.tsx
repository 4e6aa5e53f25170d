import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Composer } from './composer.tsx'
import { keepFocus } from './focus.ts'
import { Header } from './header.tsx'
import { LeaveMessage } from './leave-message.tsx'
import { LineNotice, QueueNotice } from './notices.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'
import { ThreadView } from './thread-view.tsx'

export function Panel({ drawn }: { drawn: () => void }) {
  const { chat, leave } = useRoom()
  const speech = useSpeech()
  const root = useRef<HTMLDivElement>(null)
  const [isDropping, setDropping] = useState(false)
  const config = useValue(chat.config)

  useLayoutEffect(drawn, [])
  useDropping(root, setDropping, files => chat.uploads.add(files))

  return (
    <div
      class={isDropping ? 'panel dropping' : 'panel'}
      ref={root}
      role="dialog"
      aria-label={speech.say('title', { store: config?.store.name ?? '' })}
      data-drop={speech.say('dropHere')}
      onKeyDown={event => {
        if (!leave) return
        if (event.key === 'Escape' && !event.isComposing) leave()
        keepFocus(event, root.current!)
      }}
    >
      <Header />
      <LineNotice />
      {config ? <Room /> : <Waiting />}
      <News />
    </div>
  )
}

function Room() {
  const { chat } = useRoom()
  const speech = useSpeech()
  const [startsAgain, startAgain] = useState<string | null>(null)
  const config = useValue(chat.config)!
  const conversation = useValue(chat.conversation)
  const isAway = !config.open || !config.agentsOnline
  const hasUnsent = useValue(chat.unsent).length > 0
  const isNamed = useValue(chat.isNamed)
  const hasEnded = conversation?.status === 'resolved' && !hasUnsent
  const isStarting = hasEnded && startsAgain === conversation.id

  useEffect(() => {
    if (isStarting) document.querySelector<HTMLElement>('textarea, input')?.focus()
  }, [isStarting])

  if (config.enforceIdentity && !isNamed && !conversation)
    return (
      <p class="refused" aria-live="polite">
        {speech.say('signInFirst')}
      </p>
    )
  if (isAway && (isStarting || !(conversation || hasUnsent))) return <LeaveMessage />
  return (
    <>
      <QueueNotice />
      <ThreadView />
      {hasEnded && !isStarting ? (
        <footer class="ended">
          <p>{speech.say('ended')}</p>
          <button type="button" class="main again" onClick={() => startAgain(conversation.id)}>
            {speech.say('startAgain')}
          </button>
        </footer>
      ) : (
        <Composer />
      )}
    </>
  )
}

function Waiting() {
  const { chat } = useRoom()
  const speech = useSpeech()
  if (!useValue(chat.configRefused))
    return (
      <div class="skeleton" aria-busy="true">
        <i />
        <i />
        <i />
        <i />
      </div>
    )
  return (
    <div class="refused" role="alert">
      <p>{speech.say('unavailable')}</p>
      <button type="button" class="plain" onClick={() => void chat.loadConfig()}>
        {speech.say('retry')}
      </button>
    </div>
  )
}

/** Read aloud when it is not one's own and came while the chat is here. */
function News() {
  const { chat } = useRoom()
  const speech = useSpeech()
  return (
    <div class="unseen" role="log" aria-live="polite">
      {useValue(chat.heard).map(({ id, author, from, text, attachments }) => (
        <p key={id}>
          {from === 'agent' && `${author?.name ?? speech.say('team')}: `}
          {text} {attachments.map(({ name }) => name).join(', ')}
        </p>
      ))}
    </div>
  )
}

function useDropping(
  root: { current: HTMLElement | null },
  setDropping: (on: boolean) => void,
  take: (files: FileList) => void,
) {
  useEffect(() => {
    const element = root.current!
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files')
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDropping(true)
    }
    const out = (event: DragEvent) => {
      if (!element.contains(event.relatedTarget as Node | null)) setDropping(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDropping(false)
      take(event.dataTransfer!.files)
    }
    element.addEventListener('dragover', over)
    element.addEventListener('dragleave', out)
    element.addEventListener('drop', drop)
    return () => {
      element.removeEventListener('dragover', over)
      element.removeEventListener('dragleave', out)
      element.removeEventListener('drop', drop)
    }
  }, [])
}
