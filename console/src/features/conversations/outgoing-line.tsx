import { ClockCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Refused, Unreachable } from '../../api/client.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { Attachments } from './attachments.tsx'
import { changeDraft, draftOf } from './drafts.ts'
import { editsOf } from './mail/recipients.ts'
import css from './message-line.module.css'
import { MessageText } from './message-text.tsx'
import type { Kept } from './outbox.ts'
import own from './outgoing-line.module.css'

type Props = { outgoing: Kept; onRetry: () => void; onDiscard: () => void }

/** What was written and has not arrived: seen at once, and never lost without a word. */
export function OutgoingLine({
  outgoing: { conversationId, kind, text, attachments, mail, original, state, code, tries },
  onRetry,
  onDiscard,
}: Props) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const hasFailed = state === 'failed'
  const why =
    hasFailed &&
    spell(code === 'unreachable' ? new Unreachable(code) : new Refused(422, code ?? 'unknown', ''))
  /** Into the field again, before whatever stands there: what a rule refused is to be said otherwise. */
  function change() {
    changeDraft(conversationId, draft => ({
      tab: kind,
      [kind]: [text, draft[kind]].filter(Boolean).join('\n\n'),
      attachments: [...attachments, ...draft.attachments],
      ...(kind === 'reply' && { mail: editsOf(mail), ...(original && draftOf(original)) }),
    }))
    onDiscard()
  }
  return (
    <article className={`${css.line} ${css[kind]} ${css.opens} ${hasFailed ? css.failed : css.waiting}`}>
      {text && (
        <div className={css.bubble}>
          <MessageText text={text} language={null} />
        </div>
      )}
      {attachments.length > 0 && <Attachments items={attachments} isOwn />}
      <footer className={css.foot} role={hasFailed ? 'alert' : undefined}>
        {hasFailed ? <ExclamationCircleOutlined /> : <ClockCircleOutlined />}
        {hasFailed
          ? t('outbox.failed', { why: why || '' })
          : t(tries > 1 ? 'outbox.tryingAgain' : 'outbox.sending')}
        {hasFailed && (
          <>
            <button type="button" className={`plain ${own.act}`} onClick={onRetry}>
              {t('action.retry')}
            </button>
            <button type="button" className={`plain ${own.act}`} onClick={change}>
              {t('action.edit')}
            </button>
            <button type="button" className={`plain ${own.act}`} onClick={onDiscard}>
              {t('outbox.discard')}
            </button>
          </>
        )}
      </footer>
    </article>
  )
}
