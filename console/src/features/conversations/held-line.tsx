import { ClockCircleOutlined, ExclamationCircleOutlined, UndoOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/client.ts'
import { useMay, useMe } from '../../api/session.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { useNow } from '../../ui/ticker.ts'
import { Time } from '../../ui/time.tsx'
import { Attachments } from './attachments.tsx'
import { type HeldReply, secondsUntil, useTakeBack } from './held.ts'
import css from './message-line.module.css'
import { MessageText } from './message-text.tsx'
import own from './outgoing-line.module.css'

/** A reply that waits to be sent, and can be had back until then; or one that was stopped, with the reason. */
export function HeldLine({ held }: { held: HeldReply }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const may = useMay()
  const spell = useRefusal()
  const takeBack = useTakeBack(held.conversationId)
  const { text, attachments, state, why, reason, author } = held
  const isStopped = state === 'stopped'
  const isMine = author.id === me.id
  const act = (isToChange: boolean) =>
    takeBack.mutate({ held, isToChange }, { onError: error => void message.error(spell(error)) })
  return (
    <article className={`${css.line} ${css.reply} ${css.opens} ${isStopped ? css.failed : css.waiting}`}>
      {!isMine && (
        <header className={css.author}>
          <span dir="auto">{author.name}</span>
        </header>
      )}
      {text && (
        <div className={css.bubble}>
          <MessageText text={text} language={null} />
        </div>
      )}
      {attachments.length > 0 && <Attachments items={attachments} isOwn />}
      <footer className={css.foot} role={isStopped ? 'alert' : undefined}>
        {isStopped ? <ExclamationCircleOutlined /> : <ClockCircleOutlined />}
        {isStopped ? (
          t('held.stopped', { why: spell(new Refused(409, reason ?? 'unknown', '')) })
        ) : why === 'undo' ? (
          <Countdown at={held.sendAt} />
        ) : (
          <span>
            {t('held.scheduled')} <Time at={held.sendAt} as="moment" />
          </span>
        )}
        {may('conversations:reply') && (
          <>
            {isMine && (
              <button
                type="button"
                className={`plain ${own.act}`}
                disabled={takeBack.isPending}
                onClick={() => act(true)}
              >
                {why === 'undo' && !isStopped && <UndoOutlined />}{' '}
                {t(why === 'undo' && !isStopped ? 'action.undo' : 'held.change')}
              </button>
            )}
            {(isStopped || why === 'scheduled' || !isMine) && (
              <button
                type="button"
                className={`plain ${own.act}`}
                disabled={takeBack.isPending}
                onClick={() => act(false)}
              >
                {t('outbox.discard')}
              </button>
            )}
          </>
        )}
      </footer>
    </article>
  )
}

function Countdown({ at }: { at: string }) {
  const { t } = useTranslation()
  const seconds = secondsUntil(at, useNow())
  return (
    <span className="number">{seconds > 0 ? t('held.countdown', { seconds }) : t('outbox.sending')}</span>
  )
}
