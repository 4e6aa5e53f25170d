import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { spellLanguage } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import { assignments } from './api.ts'
import css from './assignment-log.module.css'

/** Every hand it went through, and why it went there. */
export function AssignmentLog({ id }: { id: string }) {
  const { t, i18n } = useTranslation()
  const items = useQuery(assignments(id)).data?.items
  if (!items) return null
  if (items.length === 0) return <p className="quiet small">{t('context.noAssignments')}</p>
  return (
    <ol className={css.log}>
      {items.map(({ id, at, staff, by, reason, params }) => (
        <li key={id}>
          <p>
            <span className="strong">{staff?.name ?? t('conversation.nobody')}</span>{' '}
            <span className={css.when}>
              <Time at={at} />
            </span>
          </p>
          <p className={css.why}>
            {t(`why.${reason as 'taken'}`, { ...spelled(params, i18n.language), by: by.name ?? '', defaultValue: reason })}
          </p>
        </li>
      ))}
    </ol>
  )
}

const spelled = (params: Record<string, unknown>, locale: string) =>
  typeof params.language === 'string' ? { ...params, language: spellLanguage(params.language, locale) } : params
