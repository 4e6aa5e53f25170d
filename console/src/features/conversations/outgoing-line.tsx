import { ClockCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Refused, Unreachable } from '../../api/client.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { Attachments } from './attachments.tsx'
import css from './message-line.module.css'
import { MessageText } from './message-text.tsx'
import type { Kept } from './outbox.ts'
import own from './outgoing-line.module.css'

type Props = { outgoing: Kept; onRetry: () => void; onDiscard: () => void }

/** What was written and has not arrived: seen at once, and never lost without a word. */
export function OutgoingLine({
  outgoing: { kind, text, attachments, state, code, tries },
  onRetry,
  onDiscard,
}: Props) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const hasFailed = state === 'failed'
  const why =
    hasFailed &&
    spell(code === 'unreachable' ? new Unreachable(code) : new Refused(422, code ?? 'unknown', ''))
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
            <button type="button" className={`plain ${own.act}`} onClick={onDiscard}>
              {t('outbox.discard')}
            </button>
          </>
        )}
      </footer>
    </article>
  )
}
