import type { Texts } from '../locales/en.ts'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'

const reasons: Record<string, 'fileTooLarge' | 'fileType' | 'fileEmpty' | 'tooMany'> = {
  file_too_large: 'fileTooLarge',
  too_large: 'fileTooLarge',
  http_413: 'fileTooLarge',
  file_type_refused: 'fileType',
  unsupported_media_type: 'fileType',
  file_empty: 'fileEmpty',
  too_many_requests: 'tooMany',
} satisfies Record<string, keyof Texts>

export function UploadList() {
  const { chat } = useRoom()
  const speech = useSpeech()
  const { remove, retry, canRetry } = chat.uploads
  const uploads = useValue(chat.uploads.uploads)
  const size = speech.bytes(useValue(chat.config)?.uploads.maxBytes ?? 0)
  if (uploads.length === 0) return null
  return (
    <ul class="uploads">
      {uploads.map(({ key, file, progress, attachment, failed }) => (
        <li key={key} class={failed ? 'upload failed' : 'upload'}>
          <Icon name="file" />
          <span class="file-name">
            <bdi>{file.name}</bdi>
            {failed ? (
              <small role="alert">{speech.say(reasons[failed] ?? 'fileFailed', { size })}</small>
            ) : attachment ? (
              <small>{speech.bytes(file.size)}</small>
            ) : (
              <progress
                max={1}
                value={progress}
                aria-label={speech.say('uploading', { name: file.name, percent: speech.percent(progress) })}
              />
            )}
          </span>
          {failed && canRetry(key) && (
            <button type="button" class="plain" onClick={() => retry(key)}>
              {speech.say('retry')}
            </button>
          )}
          <button
            type="button"
            class="tool"
            onClick={() => remove(key)}
            aria-label={speech.say('removeFile', { name: file.name })}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
