import { useTranslation } from 'react-i18next'
import { RecordTable } from '../../ui/record-table.tsx'
import { spellLanguage } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import type { Provider } from './api.ts'
import { spellMicros } from './money.ts'
import css from './translation.module.css'

type Props = {
  query: { data: Provider[] | undefined; error?: unknown; refetch?: () => void }
  currency: string
  onOpen: (provider: Provider) => void
}

export function ProviderList({ query, currency, onOpen }: Props) {
  const { t, i18n } = useTranslation()
  const languages = (codes: string[]) =>
    codes.length === 0
      ? t('translation.anyLanguage')
      : codes.map(code => spellLanguage(code, i18n.language)).join(', ')
  return (
    <RecordTable<Provider>
      label={t('translation.providers')}
      rows={query}
      onOpen={onOpen}
      dim={({ isActive }) => !isActive}
      empty={{ title: t('translation.noProviders'), text: t('translation.noProvidersText') }}
      columns={[
        {
          key: 'name',
          title: t('translation.name'),
          render: ({ name, kind, model }) => (
            <>
              <span className="strong">{name}</span>
              <span className={css.note}>
                {t(`translation.kindOf.${kind}`)}
                {model && ` · ${model}`}
              </span>
            </>
          ),
        },
        {
          key: 'languages',
          title: t('translation.languages'),
          render: ({ fromLanguages, toLanguages }) =>
            `${languages(fromLanguages)} → ${languages(toLanguages)}`,
        },
        {
          key: 'price',
          title: t('translation.price'),
          align: 'right',
          render: ({ price }) =>
            [price.perMillionCharacters, price.perMillionInputTokens, price.perMillionOutputTokens]
              .filter(micros => micros > 0)
              .map(micros => spellMicros(micros, currency, i18n.language))
              .join(' / ') || spellMicros(0, currency, i18n.language),
        },
        {
          key: 'state',
          title: t('translation.state'),
          render: ({ isActive, pausedUntil, failure }) => {
            if (!isActive) return <span className="quiet">{t('translation.off')}</span>
            if (!failure) return t('translation.works')
            return (
              <span className={css.warning}>
                {pausedUntil && (
                  <>
                    {t('translation.pausedUntil')} <Time at={pausedUntil} as="time" /> ·{' '}
                  </>
                )}
                {t(`translation.failure.${failure as 'failed'}`, { defaultValue: failure })}
              </span>
            )
          },
        },
      ]}
    />
  )
}
