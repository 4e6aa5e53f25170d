import { useEffect, useState } from 'preact/hooks'
import type { Attachment } from '../api/shapes.ts'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech } from './room.ts'

const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']
/** One fetch per file and page, however often its message is drawn again. */
const loaded = new Map<string, Promise<string>>()

export function Attachments({ attachments }: { attachments: Attachment[] }) {
  return (
    <ul class="attached">
      {attachments.map(attachment => (
        <li key={attachment.id}>
          {pictures.includes(attachment.type) ? (
            <Picture attachment={attachment} />
          ) : (
            <FileRow attachment={attachment} />
          )}
        </li>
      ))}
    </ul>
  )
}

function useSource({ id, url }: Attachment) {
  const { chat } = useRoom()
  return () => {
    const source = loaded.get(id) ?? chat.loadFile(url).then(blob => URL.createObjectURL(blob))
    loaded.set(id, source)
    source.catch(() => loaded.delete(id))
    return source
  }
}

function Picture({ attachment }: { attachment: Attachment }) {
  const speech = useSpeech()
  const load = useSource(attachment)
  const [src, setSrc] = useState<string | null>()
  const [isLarge, setLarge] = useState(false)
  useEffect(() => {
    load().then(setSrc, () => setSrc(null))
  }, [attachment.id])
  if (src === null) return <FileRow attachment={attachment} />
  return (
    <>
      <button
        type="button"
        class="picture"
        aria-label={speech.say('enlarge', { name: attachment.name })}
        onClick={() => setLarge(Boolean(src))}
      >
        {src ? <img src={src} alt="" onError={() => setSrc(null)} /> : <span class="shimmer" />}
      </button>
      {isLarge && src && <Enlarged name={attachment.name} src={src} close={() => setLarge(false)} />}
    </>
  )
}

function FileRow({ attachment }: { attachment: Attachment }) {
  const speech = useSpeech()
  const load = useSource(attachment)
  const [hasFailed, setFailed] = useState(false)
  const save = () =>
    load().then(
      src => saveAs(src, attachment.name),
      () => setFailed(true),
    )
  return (
    <button
      type="button"
      class="file"
      onClick={save}
      aria-label={speech.say('download', { name: attachment.name })}
    >
      <Icon name="file" />
      <span class="file-name">
        <bdi>{attachment.name}</bdi>
        <small>{hasFailed ? speech.say('fileGone') : speech.bytes(attachment.size)}</small>
      </span>
      <Icon name="download" />
    </button>
  )
}

function saveAs(src: string, name: string) {
  const link = document.createElement('a')
  link.href = src
  link.download = name
  link.click()
}

/** The native dialog keeps focus inside and gives it back. */
function Enlarged({ name, src, close }: { name: string; src: string; close: () => void }) {
  const speech = useSpeech()
  return (
    <dialog
      class="enlarged"
      aria-label={name}
      ref={dialog => {
        if (dialog && !dialog.open) dialog.showModal()
      }}
      onClose={close}
      onKeyDown={event => event.key === 'Escape' && event.stopPropagation()}
    >
      <div class="bar">
        <bdi>{name}</bdi>
        <button
          type="button"
          class="tool"
          onClick={() => saveAs(src, name)}
          aria-label={speech.say('download', { name })}
        >
          <Icon name="download" />
        </button>
        <button type="button" class="tool" onClick={close} aria-label={speech.say('close')}>
          <Icon name="close" />
        </button>
      </div>
      <img src={src} alt={name} />
    </dialog>
  )
}
