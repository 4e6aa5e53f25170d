import { EyeOutlined, SwapOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newId } from '../../api/id.ts'
import { useMay, useMe } from '../../api/session.ts'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Failure, NoPermission, Skeleton } from '../../ui/states.tsx'
import { ZonesOf } from '../../ui/time.tsx'
import { type ConversationRow, conversation, isDone, useAssign } from '../conversations/api.ts'
import { Composer } from '../conversations/composer.tsx'
import { ThreadView } from '../conversations/thread-view.tsx'
import { useNameOf } from '../customers/name.ts'
import { useWhisper } from './api.ts'
import { MoveDialog } from './move-dialog.tsx'
import css from './watch.module.css'

/** A conversation as it goes on, without the customer or the agent noticing; from here one whispers, steps in or takes over. */
export function WatchPage() {
  const { conversationId } = useParams({ from: '/shell/insight/watch/$conversationId' })
  const may = useMay()
  if (!may('conversations:read')) return <NoPermission />
  return <Watched key={conversationId} id={conversationId} />
}

function Watched({ id }: { id: string }) {
  const { t } = useTranslation()
  const may = useMay()
  const me = useMe()
  const nameOf = useNameOf()
  const { data: row, error, refetch } = useQuery(conversation(id))
  const [seenSeq, setSeenSeq] = useState(0)
  const [hasSteppedIn, stepIn] = useState(false)
  const [isMoving, setMoving] = useState(false)
  if (error && !row) return <Failure error={error} retry={refetch} />
  if (!row) return <Skeleton lines={5} shape="bubbles" />
  const supervises = may('insight:supervise') && !isDone(row)
  const isMine = row.assignee?.id === me.id
  return (
    <ZonesOf customer={row.customer.zone}>
      <main className={css.page}>
        <header className={css.head}>
          <div className={css.who}>
            <h2 dir="auto">{nameOf(row.customer)}</h2>
            <span className="quiet small">
              #{row.number} · {row.store.name} · {row.assignee?.name ?? t('conversation.nobody')}
            </span>
          </div>
          {row.clock && <ClockChip clock={row.clock} />}
          <span className={css.watching}>
            <EyeOutlined /> {t(hasSteppedIn ? 'watch.steppedIn' : 'watch.watching')}
          </span>
          <Link to="/inbox/$conversationId" params={{ conversationId: id }} search={{}}>
            {t('watch.openInInbox')}
          </Link>
          {supervises && (
            <>
              <Button icon={<SwapOutlined />} onClick={() => setMoving(true)}>
                {t('move.title')}
              </Button>
              {may('conversations:reply') && !hasSteppedIn && (
                <Button onClick={() => stepIn(true)}>{t('watch.stepIn')}</Button>
              )}
              {may('conversations:reply') && !isMine && <TakeOver row={row} />}
            </>
          )}
        </header>
        <ThreadView id={id} row={row} seenSeq={seenSeq} onSeen={setSeenSeq} isWatched={!hasSteppedIn} />
        {supervises && row.assignee && !isMine && <WhisperBox id={id} name={row.assignee.name} />}
        {hasSteppedIn && <Composer row={row} seenSeq={seenSeq} onSeen={setSeenSeq} />}
        {isMoving && (
          <MoveDialog
            what={{ kind: 'conversations', ids: [id] }}
            about={t('move.these', { count: 1 })}
            onClose={() => setMoving(false)}
          />
        )}
      </main>
    </ZonesOf>
  )
}

/** From now on it is his: it goes on in his own inbox. */
function TakeOver({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const navigate = useNavigate()
  const spell = useRefusal()
  const assign = useAssign(row.id)
  return (
    <Button
      type="primary"
      loading={assign.isPending}
      onClick={() =>
        assign.mutate(
          { staffId: me.id, expected: row.assignee?.id ?? null },
          {
            onSuccess: () =>
              navigate({ to: '/inbox/$conversationId', params: { conversationId: row.id }, search: {} }),
            onError: error => message.error(spell(error)),
          },
        )
      }
    >
      {t('watch.takeOver')}
    </Button>
  )
}

function WhisperBox({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const whisper = useWhisper(id)
  const [text, setText] = useState('')
  // The same words sent again after a failure are the same whisper.
  const [clientId, setClientId] = useState(newId)
  const send = () =>
    text.trim() &&
    whisper.mutate(
      { clientId, text: text.trim() },
      {
        onSuccess: () => {
          setText('')
          setClientId(newId())
          message.success(t('watch.whispered', { name }))
        },
        onError: error => message.error(spell(error)),
      },
    )
  return (
    <div className={css.whisper}>
      <Input
        value={text}
        maxLength={2_000}
        placeholder={t('watch.whisperTo', { name })}
        aria-label={t('watch.whisperTo', { name })}
        onChange={event => setText(event.target.value)}
        onPressEnter={send}
      />
      <Button loading={whisper.isPending} disabled={!text.trim()} onClick={send}>
        {t('watch.whisper')}
      </Button>
    </div>
  )
}
