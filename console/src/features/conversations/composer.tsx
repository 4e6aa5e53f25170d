import {
  DownOutlined,
  LockOutlined,
  PaperClipOutlined,
  SmileOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons'
import { Button, Dropdown, Popover, Space, Tooltip } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newId } from '../../api/id.ts'
import { useMay } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { KeyHint, spellKeys } from '../../ui/key-hint.tsx'
import { useNameOf } from '../customers/name.ts'
import type { ConversationRow } from './api.ts'
import css from './composer.module.css'
import { useDraft } from './drafts.ts'
import { EmojiPicker } from './emoji-picker.tsx'
import { FilesRow } from './files-row.tsx'
import { MissedMessages } from './missed-messages.tsx'
import type { Outgoing } from './outbox.ts'
import { type Picked, PickerFor, usePicker } from './picker.tsx'
import { useOutbox } from './sending.ts'
import { useFiles } from './use-files.ts'
import { useSayTyping } from './use-say-typing.ts'

type Props = { row: ConversationRow; seenSeq: number; onSeen: (seq: number) => void }
type Afterwards = Outgoing['afterwards']

export function Composer({ row, seenSeq, onSeen }: Props) {
  const { t } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const [draft, setDraft] = useDraft(row.id)
  const { held, send, release } = useOutbox(row.id)
  const area = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const [isEmojiOpen, setEmojiOpen] = useState(false)
  const files = useFiles(attachments =>
    setDraft(now => ({ attachments: [...now.attachments, ...attachments] })),
  )
  const typing = useSayTyping(row.id, draft.tab)
  const isNote = draft.tab === 'note'
  const text = draft[draft.tab]
  const isEmpty = text.trim() === '' && draft.attachments.length === 0
  const setText = (next: string) => setDraft(isNote ? { note: next } : { reply: next })
  const field = () => area.current
  const picker = usePicker(field, { notes: isNote })

  // What was held back goes into the field again, to be read beside what the customer wrote meanwhile.
  useEffect(() => {
    if (held) setDraft({ tab: 'reply', reply: held.outgoing.text, attachments: held.outgoing.attachments })
  }, [held])

  function turnTo(tab: 'reply' | 'note') {
    setDraft({ tab })
    setTimeout(() => {
      const element = field()
      element?.focus()
      element?.setSelectionRange(element.value.length, element.value.length)
    })
  }

  useActions([
    {
      id: 'reply',
      section: 'conversation',
      label: t('composer.writeReply'),
      keys: 'alt+l',
      run: () => turnTo('reply'),
    },
    {
      id: 'note',
      section: 'conversation',
      label: t('composer.writeNote'),
      keys: 'alt+p',
      run: () => turnTo('note'),
    },
  ])

  function put(piece: string, from?: number) {
    const element = field()
    const start = from ?? element?.selectionStart ?? text.length
    const end = element?.selectionEnd ?? start
    setText(text.slice(0, start) + piece + text.slice(end))
    setTimeout(() => {
      element?.focus()
      element?.setSelectionRange(start + piece.length, start + piece.length)
    })
  }

  function take(picked: Picked, from: number) {
    put(picked.text, from)
    if (picked.mention) setDraft(now => ({ mentions: [...now.mentions, picked.mention!] }))
  }

  function submit(afterwards?: Afterwards) {
    if (isEmpty || files.isBusy) return
    const repeats = held !== undefined && !isNote
    const missedSeq = repeats ? Math.max(0, ...held.missed.map(({ seq }) => seq)) : 0
    const mentionIds = isNote
      ? draft.mentions.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)
      : []
    send({
      clientId: repeats ? held.outgoing.clientId : newId(),
      conversationId: row.id,
      kind: draft.tab,
      text: text.trim(),
      attachments: draft.attachments,
      mentionIds: [...new Set(mentionIds)],
      lastSeenSeq: Math.max(seenSeq, missedSeq),
      afterwards: repeats ? held.outgoing.afterwards : afterwards,
      writtenAt: new Date().toISOString(),
    })
    if (missedSeq) onSeen(missedSeq)
    setDraft({ ...(isNote ? { note: '', mentions: [] } : { reply: '' }), attachments: [] })
    typing.stop()
    area.current?.focus()
  }

  function press(event: React.KeyboardEvent) {
    if (event.nativeEvent.isComposing || picker.press(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      submit()
    }
  }

  if (!may('conversations:reply')) return <p className={css.closed}>{t('composer.readOnly')}</p>

  return (
    <section
      className={`${css.composer} ${isNote ? css.note : ''}`}
      onDrop={files.drop}
      onDragOver={event => event.preventDefault()}
    >
      <PickerFor picker={picker} row={row} onPick={take} />
      {held && !isNote && (
        <MissedMessages missed={held.missed} onSend={() => submit()} onLeave={() => release(row.id)} />
      )}
      <div className={css.tabs} role="tablist" aria-label={t('composer.title')}>
        {(['reply', 'note'] as const).map(tab => (
          <button
            key={tab}
            type="button"
            role="tab"
            aria-selected={draft.tab === tab}
            className={`plain ${css.tab}`}
            onClick={() => turnTo(tab)}
          >
            {tab === 'note' && <LockOutlined />}
            {t(`composer.${tab}`)}
            <span className={css.key}>{spellKeys(tab === 'note' ? 'alt+p' : 'alt+l')}</span>
          </button>
        ))}
        <span className={css.by}>
          {isNote
            ? t('composer.onlyColleagues')
            : t('composer.by', {
                channel: t(`channel.kind.${row.channel.kind as 'api'}`),
                store: row.store.name,
              })}
        </span>
      </div>
      <GrowingArea
        ref={area}
        bare
        className={css.area}
        value={text}
        dir="auto"
        aria-label={t(`composer.${draft.tab}`)}
        placeholder={t(isNote ? 'composer.notePlaceholder' : 'composer.replyPlaceholder', {
          name: nameOf(row.customer),
        })}
        onChange={event => {
          setText(event.target.value)
          typing.touch()
          picker.look()
        }}
        onKeyDown={press}
        onKeyUp={picker.look}
        onClick={picker.look}
        onBlur={() => {
          typing.stop()
          setTimeout(picker.close, 150)
        }}
        onPaste={files.paste}
      />
      <FilesRow
        items={draft.attachments}
        uploads={files.uploads}
        onRemove={id => setDraft(now => ({ attachments: now.attachments.filter(file => file.id !== id) }))}
        onDismiss={files.dismiss}
      />
      <footer className={css.foot}>
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
            files.add([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        {isNote ? (
          <Button
            type="text"
            aria-label={t('composer.mention')}
            title={t('composer.mention')}
            onClick={() => picker.open('@', put)}
          >
            <span aria-hidden>@</span>
          </Button>
        ) : (
          <Tooltip title={`${t('composer.quickReplies')}  /`}>
            <Button
              type="text"
              icon={<ThunderboltOutlined />}
              aria-label={t('composer.quickReplies')}
              onClick={() => picker.open('/', put)}
            />
          </Tooltip>
        )}
        <span className={css.push} />
        <span className={css.hint}>
          <KeyHint keys="mod+enter" />
        </span>
        {isNote ? (
          <Button className={css.keep} disabled={isEmpty || files.isBusy} onClick={() => submit()}>
            {t('composer.addNote')}
          </Button>
        ) : (
          <SendButton disabled={isEmpty || files.isBusy} onSend={submit} />
        )}
      </footer>
    </section>
  )
}

function SendButton({ disabled, onSend }: { disabled: boolean; onSend: (afterwards?: Afterwards) => void }) {
  const { t } = useTranslation()
  const items = [
    { key: 'resolve', label: t('composer.sendAndResolve'), onClick: () => onSend('resolve') },
    { key: 'wait', label: t('composer.sendAndWait'), onClick: () => onSend('wait_customer') },
  ]
  return (
    <Space.Compact>
      <Button type="primary" disabled={disabled} onClick={() => onSend()}>
        {t('composer.send')}
      </Button>
      <Dropdown menu={{ items }} trigger={['click']} placement="topRight" disabled={disabled}>
        <Button
          type="primary"
          icon={<DownOutlined />}
          disabled={disabled}
          aria-label={t('composer.sendAnd')}
        />
      </Dropdown>
    </Space.Compact>
  )
}
