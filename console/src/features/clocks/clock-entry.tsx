import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Moment, Time } from '../../ui/time.tsx'
import { type ConversationClock, useSettlePromise } from './api.ts'
import css from './clocks.module.css'
import { useNameOfPolicy } from './naming.ts'
import { useSpellWindow } from './spelled-window.tsx'

const far = '9999-12-31T00:00:00.000Z'

export function ClockEntry({ clock, conversationId }: { clock: ConversationClock; conversationId: string }) {
  const { t } = useTranslation()
  const isPromise = clock.kind === 'promise'
  const times = { ...clock, dueAt: clock.dueAt ?? far }
  return (
    <section className={css.entry}>
      <header className={css.entryHead}>
        <strong>{t(`clock.kind.${clock.kind}`)}</strong>
        {clock.stoppedAt ? (
          <span className="quiet">{t(`clockList.fate.${clock.fate ?? 'ended'}`)}</span>
        ) : (
          <ClockChip clock={times} size="small" isBare />
        )}
      </header>
      {isPromise && <p dir="auto">{clock.promise}</p>}
      {clock.dueAt && (
        <p className="quiet small">
          {t('clock.due')} <Moment at={clock.dueAt} />
        </p>
      )}
      {clock.pausedAt && clock.pauseReason && (
        <p className={css.paused}>
          {t('clockList.paused', { reason: t(`clockPolicy.pauseOf.${clock.pauseReason}`) })}{' '}
          <span className="quiet">
            {t('clockList.since')} <Time at={clock.pausedAt} />
          </span>
        </p>
      )}
      {!isPromise && <Rule clock={clock} />}
      {isPromise && !clock.stoppedAt && <Settle clock={clock} conversationId={conversationId} />}
    </section>
  )
}

/** By which rule it runs, in plain words: how long, in which time, from when, and what ends or halts it. */
function Rule({ clock: { policy, internalDueAt } }: { clock: ConversationClock }) {
  const { t, i18n } = useTranslation()
  const nameOf = useNameOfPolicy()
  const spell = useSpellWindow()
  if (!policy) return null
  const listed = (words: string[]) =>
    new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(words)
  return (
    <div className={`quiet small ${css.rule}`}>
      <p>
        <span className={css.policy}>{nameOf(policy)}</span>
        {policy.sourceUrl && (
          <>
            {' · '}
            <a href={policy.sourceUrl} target="_blank" rel="noreferrer">
              {t('clockPolicy.openSource')}
            </a>
          </>
        )}
      </p>
      <p>
        {t('clockList.rule', {
          window: spell(policy.window),
          calendar: t(`clockPolicy.calendarOf.${policy.calendar}`),
          trigger: t(`clockPolicy.triggerOf.${policy.trigger}`),
        })}
      </p>
      <p>
        {t('clockList.stops', {
          occasions: listed(policy.stopsOn.map(each => t(`clockPolicy.stopOf.${each}`))),
        })}
      </p>
      {policy.pausesOn.length > 0 && (
        <p>
          {t('clockList.pauses', {
            reasons: listed(policy.pausesOn.map(each => t(`clockPolicy.pauseOf.${each}`))),
          })}
        </p>
      )}
      {internalDueAt && (
        <p>
          {t('clockList.internal')} <Moment at={internalDueAt} />
        </p>
      )}
      <p title={policy.source}>
        {t('clockList.expiry', { expiry: t(`clockPolicy.expiryOf.${policy.onExpiry}`) })}
      </p>
    </div>
  )
}

function Settle({ clock, conversationId }: { clock: ConversationClock; conversationId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const settle = useSettlePromise(conversationId)
  const end = (outcome: 'kept' | 'withdrawn') =>
    settle.mutate({ promiseId: clock.id, outcome }, { onError: error => void message.error(spell(error)) })
  if (!may('conversations:reply')) return null
  return (
    <div className={css.settle}>
      <Button size="small" type="primary" loading={settle.isPending} onClick={() => end('kept')}>
        {t('clockList.keep')}
      </Button>
      <Button size="small" disabled={settle.isPending} onClick={() => end('withdrawn')}>
        {t('clockList.withdraw')}
      </Button>
    </div>
  )
}
