import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { RecordTable } from '../../ui/record-table.tsx'
import { spellDate, spellLanguage, spellNumber } from '../../ui/spell.ts'
import { type Costs, translationCosts } from './api.ts'
import { spellMicros } from './money.ts'
import css from './translation.module.css'

const day = 86_400_000
const shownDays = 30
const spellDay = (at: number) => new Date(at).toISOString().slice(0, 10)

type Cost = Costs['items'][number]
type Edit = Costs['edits'][number]

export function CostList() {
  const { t, i18n } = useTranslation()
  // A day more at the end: the company's may have begun where that of the browser has not.
  const query = useQuery(translationCosts(spellDay(Date.now() - shownDays * day), spellDay(Date.now() + day)))
  const currency = query.data?.currency ?? 'USD'
  const language = (code: string) =>
    code ? spellLanguage(code, i18n.language) : t('translation.someLanguage')
  const number = (value: number) => spellNumber(value, i18n.language)
  const total = query.data?.items.reduce((sum, { micros }) => sum + micros, 0) ?? 0
  const edits = query.data?.edits ?? []
  return (
    <section className={css.below}>
      <h3>{t('translation.costs')}</h3>
      <p className={css.about}>
        {t('translation.costsAbout')}{' '}
        {total > 0 && `${t('translation.total')}: ${spellMicros(total, currency, i18n.language)}`}
      </p>
      <RecordTable<Cost>
        label={t('translation.costs')}
        rowKey={row => [row.day, row.provider.id, row.purpose, row.from, row.to].join()}
        rows={{ ...query, data: query.data?.items }}
        empty={{ title: t('translation.noCosts') }}
        columns={[
          {
            key: 'day',
            title: t('translation.day'),
            render: row => spellDate(new Date(`${row.day}T12:00:00Z`), i18n.language, 'UTC'),
          },
          { key: 'provider', title: t('translation.provider'), render: row => row.provider.name },
          {
            key: 'purpose',
            title: t('translation.purpose'),
            render: row => t(`translation.purposeOf.${row.purpose}`),
          },
          {
            key: 'pair',
            title: t('translation.languagePair'),
            render: row => `${language(row.from)} → ${language(row.to)}`,
          },
          {
            key: 'requests',
            title: t('translation.requests'),
            align: 'right',
            render: row => number(row.requests),
          },
          {
            key: 'units',
            title: t('translation.units'),
            align: 'right',
            render: row =>
              row.characters > 0
                ? number(row.characters)
                : `${number(row.inputTokens)} + ${number(row.outputTokens)}`,
          },
          {
            key: 'money',
            title: t('translation.money'),
            align: 'right',
            render: row => spellMicros(row.micros, currency, i18n.language),
          },
        ]}
      />
      {edits.length > 0 && (
        <>
          <h3 className={css.below}>{t('translation.edits')}</h3>
          <p className={css.about}>{t('translation.editsAbout')}</p>
          <RecordTable<Edit>
            label={t('translation.edits')}
            rowKey={row => `${row.provider} ${row.to}`}
            rows={{ data: edits }}
            empty={{ title: t('translation.noCosts') }}
            columns={[
              { key: 'provider', title: t('translation.provider'), render: row => row.provider },
              { key: 'to', title: t('translation.to'), render: row => language(row.to) },
              {
                key: 'replies',
                title: t('translation.replies'),
                align: 'right',
                render: row => number(row.replies),
              },
              {
                key: 'rate',
                title: t('translation.editRate'),
                align: 'right',
                render: ({ editedChars, draftChars }) =>
                  `${Math.round((100 * editedChars) / Math.max(draftChars, 1))} %`,
              },
            ]}
          />
        </>
      )}
    </section>
  )
}
