import { LoadingOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingArea } from '../../../ui/growing-area.tsx'
import { spellLanguage } from '../../../ui/spell.ts'
import type { Draft } from '../drafts.ts'
import css from './sent-pane.module.css'
import type { TwoLanguages } from './two-languages.ts'

type Props = {
  two: TwoLanguages
  draft: Draft
  onChange: (reply: string) => void
  onKeyDown: (event: KeyboardEvent) => void
  onSendUntranslated: () => void
}

/** Beneath what is written: what the customer will read. It can be changed, and is what the rules look at. */
export function SentPane({ two, draft, onChange, onKeyDown, onSendUntranslated }: Props) {
  const { t, i18n } = useTranslation()
  const language = spellLanguage(two.to ?? '', i18n.language)
  const missing = two.isFresh && !two.isEdited ? (draft.drafted?.missingTerms ?? []) : []
  const isOutdated = two.isEdited && !two.isFresh && draft.drafted !== null
  return (
    <div className={css.pane}>
      <p className={css.head}>
        <b>{t('translation.willBeSent', { language })}</b>
        <span role="status">
          {two.isWaiting && (
            <>
              <LoadingOutlined /> {t('translation.waiting')}
            </>
          )}
          {!two.isWaiting &&
            two.isFresh &&
            draft.drafted &&
            t(two.isEdited ? 'translation.edited' : 'translation.draftBy', {
              provider: draft.drafted.provider,
            })}
        </span>
        {two.isEdited && draft.own.trim() !== '' && (
          <Button size="small" type="link" icon={<ReloadOutlined />} onClick={two.translateAnew}>
            {t('translation.anew')}
          </Button>
        )}
      </p>
      <GrowingArea
        bare
        className={css.area}
        value={draft.reply}
        dir="auto"
        lang={two.to ?? undefined}
        aria-label={t('translation.willBeSent', { language })}
        placeholder={two.reason ? t('translation.byHand', { language }) : t('translation.appears')}
        onChange={event => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {two.reason && (
        <p className={css.warns} role="alert">
          <WarningOutlined />
          <span>{t('translation.not', { why: t(`translation.reason.${two.reason as 'failed'}`) })}</span>
          <Button size="small" onClick={onSendUntranslated}>
            {t('translation.sendUntranslated')}
          </Button>
        </p>
      )}
      {isOutdated && (
        <p className={css.warns}>
          <WarningOutlined />
          <span>{t('translation.outdated')}</span>
        </p>
      )}
      {missing.length > 0 && (
        <p className={css.warns}>
          <WarningOutlined />
          <span>{t('translation.missing', { terms: missing.join(' · ') })}</span>
        </p>
      )}
    </div>
  )
}
