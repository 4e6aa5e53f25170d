import { TranslationOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { spellLanguage } from '../../../ui/spell.ts'
import type { ConversationRow } from '../api.ts'
import { useReader } from './api.ts'
import { useReading } from './reading.tsx'
import css from './translation-bar.module.css'

/** Over a thread in a language that its reader does not read: how it is shown, or why it stands untranslated. */
export function TranslationBar({ row }: { row: ConversationRow | undefined }) {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const reader = useReader()
  const reading = useReading()
  if (!reading) return null
  const language = row?.language ?? null
  const isForeign = language !== null && !reader.reads(language)
  const hasTranslation = [...reading.items.values()].some(({ state }) => state === 'done')
  if (!isForeign && !hasTranslation) return null
  const canAsk = reading.isSetUp && !reading.isAutomatic && !hasTranslation
  return (
    <div className={css.bar}>
      <TranslationOutlined />
      {reading.isSetUp ? (
        <span>
          {t('translation.direction', {
            from: language ? spellLanguage(language, i18n.language) : t('translation.someLanguage'),
            to: spellLanguage(reading.to, i18n.language),
          })}
        </span>
      ) : (
        <span>
          {t('translation.noService')}{' '}
          {may('assistant:manage') && <Link to="/settings/translation">{t('translation.setUp')}</Link>}
        </span>
      )}
      <span className={css.push} />
      {canAsk && (
        <Button size="small" onClick={() => reading.askAgain(reading.foreign)}>
          {t('translation.translateAll')}
        </Button>
      )}
      {hasTranslation && (
        <Segmented
          size="small"
          value={reading.showsOriginal ? 'original' : 'translation'}
          onChange={value => reading.setShowsOriginal(value === 'original')}
          options={[
            { value: 'translation', label: t('translation.translation') },
            { value: 'original', label: t('translation.originals') },
          ]}
        />
      )}
    </div>
  )
}
