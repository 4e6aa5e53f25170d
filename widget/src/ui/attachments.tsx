import { useEffect, useState } from 'preact/hooks'
import type { Attachment } from '../api/shapes.ts'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'

const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']
/** One fetch per file and page, however often its message is drawn again. */
const loaded = new Map<string, Promise<string>>()

export function Attached({ attachments }: { attachments: Attachment[] }) {
  return (
    <ul class="attached">
      {attachments.map(attachment => (
        <li key={attachment.id}>
          {pictures.includes(attachment.type) ? <Picture attachment={attachment} /> : <FileRow attachment={attachment} />}
        </li>
      ))}
    </ul>
  )
}

function useSource(attachment: Attachment) {
  const { chat } = useRoom()
  return () => {
    const { id, url } = attachment
    const source = loaded.get(id) ?? chat.loadFile(url).then(blob => URL.createObjectURL(blob))
    loaded.set(id, source)
    source.catch(() => loaded.delete(id))
    return source
  }
}

function Picture({ attachment }: { attachment: Attachment }) {
  const { enlarged } = useRoom()
  const speech = useSpeech()
  const load = useSource(attachment)
  const [src, setSrc] = useState<string | null>()
  useEffect(() => {
    load().then(setSrc, () => setSrc(null))
  }, [attachment.id])
  if (src === null) return <FileRow attachment={attachment} />
  return (
    <button
      type="button"
      class="picture"
      aria-label={speech.say('enlarge', { name: attachment.name })}
      onClick={() => src && (enlarged.value = { attachment, src })}
    >
      {src ? <img src={src} alt="" onError={() => setSrc(null)} /> : <span class="shimmer" />}
    </button>
  )
}

function FileRow({ attachment }: { attachment: Attachment }) {
  const speech = useSpeech()
  const load = useSource(attachment)
  const [hasFailed, setFailed] = useState(false)
  const save = () => load().then(src => saveAs(src, attachment.name), () => setFailed(true))
  return (
    <button type="button" class="file" onClick={save} aria-label={speech.say('download', { name: attachment.name })}>
      <Icon name="file" />
      <span class="file-name">
        <bdi>{attachment.name}</bdi>
        <small>{hasFailed ? speech.say('unavailable') : speech.bytes(attachment.size)}</small>
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
export function Enlarged() {
  const { enlarged } = useRoom()
  const speech = useSpeech()
  const shown = useValue(enlarged)
  if (!shown) return null
  const { attachment, src } = shown
  const close = () => {
    enlarged.value = null
  }
  return (
    <dialog
      class="enlarged"
      aria-label={attachment.name}
      ref={dialog => {
        if (dialog && !dialog.open) dialog.showModal()
      }}
      onClose={close}
      onKeyDown={event => event.key === 'Escape' && event.stopPropagation()}
    >
      <div class="bar">
        <bdi>{attachment.name}</bdi>
        <button type="button" class="tool" onClick={() => saveAs(src, attachment.name)} aria-label={speech.say('download', { name: attachment.name })}>
          <Icon name="download" />
        </button>
        <button type="button" class="tool" onClick={close} aria-label={speech.say('close')}>
          <Icon name="close" />
        </button>
      </div>
      <img src={src} alt={attachment.name} />
    </dialog>
  )
}
