import { useQuery } from '@tanstack/react-query'
import { App, Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../api/client.ts'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { spellLanguage } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { storeList, textList, useSetText } from './api.ts'
import css from './text-list.module.css'

type Key = Schemas['MessageText']['key']
const keys: Key[] = [
  'chat.greeting',
  'chat.closed',
  'chat.waiting',
  'chat.resolved',
  'mail.received',
  'mail.closed',
]
const locales = ['zh', 'en', 'ja', 'de', 'fr', 'es', 'pt', 'ar']

/** What customers read from us, worded by the company; where it says nothing, the widget's own text stands. */
export function TextList() {
  const { t, i18n } = useTranslation()
  const stores = useQuery(storeList()).data?.items ?? []
  const [storeId, setStoreId] = useState<string | null>(null)
  const [locale, setLocale] = useState(i18n.language)
  const { data, error, refetch } = useQuery(textList(storeId ?? undefined))
  const textOf = (key: Key, ofStore: string | null) =>
    data?.items.find(text => text.key === key && text.locale === locale && text.storeId === ofStore)?.text

  return (
    <Page title={t('text.title')} about={t('text.about')}>
      <div className={css.choices}>
        <Select
          value={storeId ?? 'all'}
          aria-label={t('store.title')}
          onChange={value => setStoreId(value === 'all' ? null : value)}
          options={[
            { value: 'all', label: t('text.allStores') },
            ...stores.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Segmented
          value={locale}
          onChange={setLocale}
          options={locales.map(value => ({ value, label: spellLanguage(value, i18n.language) }))}
        />
      </div>
      {error && !data ? <Failure error={error} retry={refetch} /> : null}
      {!data && !error && <Skeleton />}
      {data &&
        keys.map(key => (
          <Wording
            key={`${key} ${storeId} ${locale} ${textOf(key, storeId)}`}
            textKey={key}
            storeId={storeId}
            locale={locale}
            text={textOf(key, storeId) ?? ''}
            inherited={storeId ? textOf(key, null) : undefined}
          />
        ))}
    </Page>
  )
}

type Props = {
  textKey: Key
  storeId: string | null
  locale: string
  text: string
  inherited: string | undefined
}

function Wording({ textKey, storeId, locale, text, inherited }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const set = useSetText()
  const [typed, setTyped] = useState(text)
  const name = t(`text.key.${textKey}`)
  return (
    <Card title={name}>
      <p className="quiet small">{t(`text.when.${textKey}`)}</p>
      <GrowingArea
        className={css.area}
        minRows={2}
        maxRows={8}
        dir={locale === 'ar' ? 'rtl' : 'ltr'}
        value={typed}
        maxLength={2_000}
        aria-label={name}
        placeholder={inherited ?? t('text.ours')}
        onChange={event => setTyped(event.target.value)}
      />
      {typed !== text && (
        <div className={css.acts}>
          <Button size="small" onClick={() => setTyped(text)}>
            {t('action.cancel')}
          </Button>
          <Button
            size="small"
            type="primary"
            loading={set.isPending}
            onClick={() =>
              set.mutate(
                { key: textKey, storeId, locale, text: typed.trim() },
                { onError: error => void message.error(spell(error)) },
              )
            }
          >
            {t('action.save')}
          </Button>
        </div>
      )}
    </Card>
  )
}
