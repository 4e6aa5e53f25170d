import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import { useNameOf } from '../customers/name.ts'
import type { ConversationRow } from './api.ts'
import { useClosing } from './closing/use-closing.tsx'
import css from './composer.module.css'
import { ComposerTabs } from './composer-tabs.tsx'
import { ComposerTools } from './composer-tools.tsx'
import { ContentFindings } from './content-findings.tsx'
import { type Draft, draftOf, useDraft } from './drafts.ts'
import { FilesRow } from './files-row.tsx'
import { mailDraft } from './mail/api.ts'
import fields from './mail/mail-fields.module.css'
import { MailFields } from './mail/mail-fields.tsx'
import { editsOf, noEdits, recipientsOf, unreadable } from './mail/recipients.ts'
import { MissedMessages } from './missed-messages.tsx'
import { type How, outgoingOf } from './outgoing.ts'
import { type Picked, PickerFor, usePicker } from './picker.tsx'
import { useQuickReply } from './quick-replies/use-quick-reply.tsx'
import { SendButton } from './send-button.tsx'
import { useOutbox } from './sending.ts'
import { LanguageChoice } from './translation/language-choice.tsx'
import { SentPane } from './translation/sent-pane.tsx'
import { useTwoLanguages } from './translation/two-languages.ts'
import { useFiles } from './use-files.ts'
import { useSayTyping } from './use-say-typing.ts'

type Props = { row: ConversationRow; seenSeq: number; onSeen: (seq: number) => void }

export function Composer({ row, seenSeq, onSeen }: Props) {
  const { t } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const [draft, setDraft] = useDraft(row.id)
  const { held, send, release } = useOutbox(row.id)
  const area = useRef<HTMLTextAreaElement>(null)
  const files = useFiles(attachments =>
    setDraft(now => ({ attachments: [...now.attachments, ...attachments] })),
  )
  const typing = useSayTyping(row.id, draft.tab)
  const isNote = draft.tab === 'note'
  const two = useTwoLanguages(row, draft, setDraft)
  const writtenIn = isNote ? 'note' : two.isOn ? 'own' : 'reply'
  const text = draft[writtenIn]
  const isMail = row.channel.kind === 'mail' && may('conversations:reply')
  const mail = useQuery({ ...mailDraft(row.id, row.lastSeq), enabled: isMail }).data
  const isEmpty = text.trim() === '' && draft[draft.tab].trim() === '' && draft.attachments.length === 0
  const isMisdirected =
    isMail &&
    !isNote &&
    (unreadable(draft.mail).length > 0 || (mail && recipientsOf(mail, draft.mail, 'to').length === 0))
  const isUnready = isEmpty || files.isBusy || isMisdirected === true
  const isBlocked = isUnready || (two.isBlocked && text.trim() !== '')
  const setText = (next: string) => setDraft({ [writtenIn]: next })
  const field = () => area.current
  const picker = usePicker(field, { notes: isNote })
  const { closeFirst, dialog } = useClosing(row)

  // What was held back goes into the field again, to be read beside what the customer wrote meanwhile.
  useEffect(() => {
    if (!held) return
    const { text, attachments, mail, original } = held.outgoing
    setDraft({ tab: 'reply', reply: text, attachments, mail: editsOf(mail), ...draftOf(original) })
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
    {
      id: 'quick-reply',
      section: 'conversation',
      label: t('composer.useQuickReply'),
      keys: 'alt+q',
      run: () => {
        turnTo('reply')
        setTimeout(() => picker.open('/', put), 50)
      },
    },
  ])

  function put(piece: string, from?: number) {
    const element = field()
    const start = from ?? element?.selectionStart ?? text.length
    const end = Math.max(start, element?.selectionEnd ?? start)
    // What is put in may come later than what was typed meanwhile.
    setDraft(now => ({
      [now.tab]: now[now.tab].slice(0, start) + piece + now[now.tab].slice(end),
    }))
    setTimeout(() => {
      element?.focus()
      element?.setSelectionRange(start + piece.length, start + piece.length)
    })
  }

  const start = useQuickReply(row, seenSeq, use => {
    if (use.text) put(use.text)
    if (use.files.length > 0) setDraft(now => ({ attachments: [...now.attachments, ...use.files] }))
    if (use.afterwards) setDraft({ afterwards: use.afterwards })
  })

  function take(picked: Picked, from: number) {
    put(picked.text, from)
    if (picked.quickReply) start(picked.quickReply)
    if (picked.mention) setDraft(now => ({ mentions: [...now.mentions, picked.mention!] }))
  }

  function submit(how: How = {}) {
    if (how.isUntranslated ? isUnready : isBlocked) return
    const said = (how.isUntranslated ? draft.own : draft[draft.tab]).trim()
    const outgoing = outgoingOf(
      row.id,
      draft,
      {
        ...{ text: said, original: two.originalOf(said), seenSeq, held, isMail },
        canUndo: isMail && mail?.undoSeconds !== 0,
      },
      how,
    )
    send(outgoing)
    if (outgoing.lastSeenSeq > seenSeq) onSeen(outgoing.lastSeenSeq)
    const sent = isNote
      ? { note: '', mentions: [] }
      : { reply: '', own: '', drafted: null, mail: noEdits, afterwards: undefined }
    setDraft({ ...sent, attachments: [] })
    typing.stop()
    area.current?.focus()
  }

  /** What is to be resolved with it is first asked what the company wants to know. */
  function sendNow(how: How = {}) {
    const resolves = (how.afterwards ?? draft.afterwards) === 'resolve' && !isNote && !held
    if (isBlocked) return
    if (resolves) closeFirst(() => submit(how))
    else submit(how)
  }

  function press(event: React.KeyboardEvent) {
    if (event.nativeEvent.isComposing || picker.press(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      sendNow()
    }
  }

  if (!may('conversations:reply')) return <p className={css.closed}>{t('composer.readOnly')}</p>

  return (
    <section
      className={`${css.composer} ${isNote ? css.note : ''}`}
      onDrop={files.drop}
      onDragOver={event => event.preventDefault()}
    >
      {dialog}
      <PickerFor picker={picker} row={row} onPick={take} />
      {held && !isNote && (
        <MissedMessages missed={held.missed} onSend={() => submit()} onLeave={() => release(row.id)} />
      )}
      <ComposerTabs row={row} tab={draft.tab} onTurn={turnTo}>
        {!isNote && <LanguageChoice row={row} two={two} onTurn={isOn => setDraft(turnedTo(draft, isOn))} />}
      </ComposerTabs>
      {isMail && !isNote && (
        <MailFields draft={mail} edits={draft.mail} onChange={edits => setDraft({ mail: edits })} />
      )}
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
      {two.isOn && (
        <SentPane
          two={two}
          draft={draft}
          onChange={reply => setDraft({ reply })}
          onKeyDown={press}
          onSendUntranslated={() => submit({ isUntranslated: true })}
        />
      )}
      {isMail && !isNote && mail?.signature && (
        <p className={fields.signature} title={mail.signature}>
          {mail.signature}
        </p>
      )}
      {!isNote && <ContentFindings conversationId={row.id} text={draft.reply} />}
      <FilesRow
        items={draft.attachments}
        uploads={files.uploads}
        onRemove={id => setDraft(now => ({ attachments: now.attachments.filter(file => file.id !== id) }))}
        onDismiss={files.dismiss}
      />
      <footer className={css.foot}>
        <ComposerTools
          isNote={isNote}
          put={put}
          onFiles={files.add}
          openPicker={sign => picker.open(sign, put)}
        />
        <span className={css.push} />
        {!isNote && draft.afterwards && (
          <Tag closable onClose={() => setDraft({ afterwards: undefined })}>
            {t('quickReply.thenResolve')}
          </Tag>
        )}
        <span className={css.hint}>
          <KeyHint keys="mod+enter" />
        </span>
        {isNote ? (
          <Button className={css.keep} disabled={isBlocked} onClick={() => submit()}>
            {t('composer.addNote')}
          </Button>
        ) : (
          <SendButton row={row} disabled={isBlocked} onSend={sendNow} />
        )}
      </footer>
    </section>
  )
}

/** What was begun is not lost by writing it the other way: it goes to where one writes. */
const turnedTo = ({ own, reply }: Draft, isOn: boolean): Partial<Draft> =>
  isOn
    ? { two: true, own: own || reply, reply: '', drafted: null }
    : { two: false, reply: reply || own, own: '', drafted: null }
