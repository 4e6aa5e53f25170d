import { Segmented } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Locale, speak } from '../../i18n/index.ts'
import { Wordmark } from '../../shell/wordmark.tsx'
import css from './entrance.module.css'

/** What is seen before one is inside: the name, one card, the language. */
export function Entrance({
  title,
  about,
  wide,
  children,
}: {
  title: string
  about?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  const { t, i18n } = useTranslation()
  return (
    <main className={css.ground}>
      <div className={`${css.column} ${wide ? css.wide : ''}`}>
        <header className={css.brand}>
          <Wordmark large />
          <p className="quiet">{t('brand.line')}</p>
        </header>
        <section className={css.card}>
          <h1>{title}</h1>
          {about && <p className={css.about}>{about}</p>}
          {children}
        </section>
        <Segmented
          size="small"
          value={i18n.language}
          aria-label={t('menu.language')}
          onChange={value => speak(value as Locale)}
          options={[
            { value: 'zh', label: t('brand.zh') },
            { value: 'en', label: t('brand.en') },
          ]}
        />
      </div>
    </main>
  )
}
