import { ArrowRightOutlined, PaperClipOutlined, WarningOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../../api/client.ts'
import { useReaderZone } from '../../../ui/reader-zone.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import { spellMoment } from '../../../ui/spell.ts'
import { useAfterPause } from '../../../ui/use-after-pause.ts'
import { useNameOfAction } from '../actions/api.ts'
import type { ConversationRow } from '../api.ts'
import { contactReasons, useSpellReason } from '../reasons/api.ts'
import { type QuickReplyEffect, quickReplyEffect } from './api.ts'
import css from './quick-replies.module.css'

type Change = QuickReplyEffect['steps'][number]['changes'][number]

/** What a quick reply would say and change in this conversation, before anybody does it. */
export function Effect({ row, quickReplyId }: { row: ConversationRow; quickReplyId: string }) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const nameOfStep = useNameOfAction()
  const asked = useAfterPause(quickReplyId, 150)
  const { data, error } = useQuery(quickReplyEffect(row.id, row.version, asked))
  const refusalOf = ({ code, names }: NonNullable<QuickReplyEffect['refused']>) =>
    spell(new Refused(422, code, '', { names }))
  if (error) return <p className={css.refused}>{spell(error)}</p>
  if (!data || asked !== quickReplyId) return <p className="quiet small">…</p>
  return (
    <>
      {data.text && (
        <p className={css.said} dir="auto" lang={data.language ?? undefined}>
          {data.text}
        </p>
      )}
      {data.refused && (
        <p className={css.refused}>
          <WarningOutlined /> {refusalOf(data.refused)}
        </p>
      )}
      {data.files.map(({ id, name }) => (
        <p key={id} className="small cut">
          <PaperClipOutlined /> {name}
        </p>
      ))}
      {data.steps.length > 0 && (
        <ul className={css.steps}>
          {data.steps.map(({ code, changes, refused }, n) => (
            <li key={n}>
              {refused ? (
                <span className={css.refused}>
                  <WarningOutlined /> {nameOfStep(code)}: {refusalOf(refused)}
                </span>
              ) : changes.length === 0 ? (
                <span className="quiet">{t('quickReply.soAlready', { step: nameOfStep(code) })}</span>
              ) : (
                changes.map(change => <Changed key={change.field} change={change} />)
              )}
            </li>
          ))}
        </ul>
      )}
      {data.afterwards && <p className="small">{t('quickReply.resolvesAfter')}</p>}
      {data.sendsAtOnce && <p className={css.warn}>{t('quickReply.sendsAtOnce')}</p>}
    </>
  )
}

function Changed({ change: { field, from, to } }: { change: Change }) {
  const { t } = useTranslation()
  const spell = useSpellValue()
  const name = t(`quickReply.field.${field as 'status'}`, { defaultValue: field })
  const added = to.filter(value => !from.includes(value))
  const removed = from.filter(value => !to.includes(value))
  if (field === 'tags')
    return (
      <span>
        {added.length > 0 && t('quickReply.adds', { names: added.join(', ') })}{' '}
        {removed.length > 0 && t('quickReply.removes', { names: removed.join(', ') })}
      </span>
    )
  if (field === 'note')
    return (
      <span>
        {name}: <q dir="auto">{to[0]}</q>
      </span>
    )
  return (
    <span>
      {name} {from.map(value => spell(field, value)).join(', ') || '—'} <ArrowRightOutlined />{' '}
      <b>{to.map(value => spell(field, value)).join(', ') || '—'}</b>
    </span>
  )
}

/** Code words in the reader's language; names are what they are. */
function useSpellValue() {
  const { t, i18n } = useTranslation()
  const zone = useReaderZone()
  const { nameOf } = useSpellReason()
  const reasons = useQuery(contactReasons()).data?.items ?? []
  return (field: string, value: string) => {
    if (field === 'status') return t(`status.${value as 'open'}`)
    if (field === 'priority') return t(`priority.${value as 'low'}`)
    if (field === 'waitingFor') return t(`actionField.waitingForOf.${value as 'carrier'}`)
    if (field === 'snoozedUntil') return spellMoment(new Date(value), i18n.language, zone)
    const reason = field === 'reason' && reasons.find(({ code }) => code === value)
    return reason ? nameOf(reason) : value
  }
}
