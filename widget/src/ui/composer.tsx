import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'
import { UploadList } from './upload-list.tsx'

type Picker = typeof import('./emoji-picker.tsx')['EmojiPicker']

const typingToldEveryMs = 3_000
const typingEndsMs = 4_000

export function Composer() {
  const { chat, draft } = useRoom()
  const speech = useSpeech()
  const area = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [emoji, setEmoji] = useState<{ Picker: Picker } | null>(null)
  const typing = useTyping(chat.say)
  const uploads = useValue(chat.uploads.uploads)
  const config = useValue(chat.config)
  const text = useValue(draft)
  const isUploading = uploads.some(({ attachment, failed }) => !attachment && !failed)
  const attachments = uploads.flatMap(({ attachment }) => attachment ?? [])
  const canSend = !isUploading && (text.trim() !== '' || attachments.length > 0)

  useLayoutEffect(() => {
    const { style } = area.current!
    style.height = 'auto'
    style.height = `${area.current!.scrollHeight + 2}px`
  }, [text])

  function send() {
    if (!canSend) return
    chat.send(text.trim(), attachments)
    draft.value = ''
    chat.uploads.clear()
    typing.stop()
    setEmoji(null)
    area.current!.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    // 229: Safari reports the Enter that ends a composition only after it is over.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  }

  /** Fetched when first asked for; most people never do. */
  function toggleEmoji() {
    if (emoji) return setEmoji(null)
    import('./emoji-picker.tsx').then(
      ({ EmojiPicker }) => setEmoji({ Picker: EmojiPicker }),
      () => {},
    )
  }

  function insert(sign: string) {
    const { selectionStart: from, selectionEnd: to } = area.current!
    draft.value = text.slice(0, from) + sign + text.slice(to)
    requestAnimationFrame(() => area.current?.setSelectionRange(from + sign.length, from + sign.length))
  }

  return (
    <form
      class="composer"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <UploadList />
      {emoji && (
        <emoji.Picker
          pick={insert}
          leave={() => {
            setEmoji(null)
            area.current!.focus()
          }}
        />
      )}
      <div class="field">
        <textarea
          ref={area}
          rows={1}
          maxLength={10_000}
          dir="auto"
          value={text}
          enterkeyhint="send"
          aria-label={speech.say('write')}
          placeholder={speech.say('write')}
          onInput={event => {
            draft.value = event.currentTarget.value
            typing.go()
          }}
          onBlur={typing.stop}
          onKeyDown={onKeyDown}
          onPaste={event => {
            const files = event.clipboardData?.files
            if (!files?.length) return
            event.preventDefault()
            chat.uploads.add(files)
          }}
        />
        <div class="tools">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            accept={config?.uploads.accept.join(',')}
            onChange={event => {
              chat.uploads.add(event.currentTarget.files ?? [])
              event.currentTarget.value = ''
            }}
          />
          <button
            type="button"
            class="tool"
            onClick={() => picker.current!.click()}
            aria-label={speech.say('attach')}
            title={speech.say('attach')}
          >
            <Icon name="attach" />
          </button>
          <button
            type="button"
            class="tool"
            onClick={toggleEmoji}
            aria-label={speech.say('emoji')}
            title={speech.say('emoji')}
            aria-expanded={emoji !== null}
            aria-controls="emoji"
          >
            <Icon name="emoji" />
          </button>
          <button
            type="submit"
            class="send"
            aria-disabled={!canSend}
            aria-label={speech.say('send')}
            title={speech.say('send')}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  )
}

function useTyping(say: (on: boolean) => void) {
  const told = useRef(0)
  const ends = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = () => {
    clearTimeout(ends.current)
    if (told.current) say(false)
    told.current = 0
  }
  return {
    stop,
    go() {
      clearTimeout(ends.current)
      ends.current = setTimeout(stop, typingEndsMs)
      if (Date.now() - told.current < typingToldEveryMs) return
      told.current = Date.now()
      say(true)
    },
  }
}
