import { PaperClipOutlined, SmileOutlined, ThunderboltOutlined } from '@ant-design/icons'
import { Button, Popover, Tooltip } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmojiPicker } from './emoji-picker.tsx'
import type { Sign } from './picker.tsx'

type Props = {
  isNote: boolean
  put: (piece: string) => void
  onFiles: (files: File[]) => void
  openPicker: (sign: Sign) => void
}

/** What can be put into a text beside words. */
export function ComposerTools({ isNote, put, onFiles, openPicker }: Props) {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  const [isEmojiOpen, setEmojiOpen] = useState(false)
  return (
    <>
      <Popover
        open={isEmojiOpen}
        onOpenChange={setEmojiOpen}
        trigger="click"
        placement="topLeft"
        arrow={false}
        content={
          <EmojiPicker
            onPick={emoji => {
              put(emoji)
              setEmojiOpen(false)
            }}
          />
        }
      >
        <Button
          type="text"
          icon={<SmileOutlined />}
          aria-label={t('composer.emoji')}
          title={t('composer.emoji')}
        />
      </Popover>
      <Tooltip title={t('composer.attach')}>
        <Button
          type="text"
          icon={<PaperClipOutlined />}
          aria-label={t('composer.attach')}
          onClick={() => chooser.current?.click()}
        />
      </Tooltip>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={event => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      {isNote ? (
        <Button
          type="text"
          aria-label={t('composer.mention')}
          title={t('composer.mention')}
          onClick={() => openPicker('@')}
        >
          <span aria-hidden>@</span>
        </Button>
      ) : (
        <Tooltip title={`${t('composer.quickReplies')}  /`}>
          <Button
            type="text"
            icon={<ThunderboltOutlined />}
            aria-label={t('composer.quickReplies')}
            onClick={() => openPicker('/')}
          />
        </Tooltip>
      )}
      <Tooltip title={`${t('composer.variables')}  {{`}>
        <Button type="text" aria-label={t('composer.variables')} onClick={() => openPicker('{{')}>
          <span aria-hidden className="mono small">
            {'{ }'}
          </span>
        </Button>
      </Tooltip>
    </>
  )
}
