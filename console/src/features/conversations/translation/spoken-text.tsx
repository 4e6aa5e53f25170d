import { TranslationOutlined, WarningOutlined } from '@ant-design/icons'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { spellLanguage } from '../../../ui/spell.ts'
import type { Message } from '../api.ts'
import { MessageText } from '../message-text.tsx'
import { useReading } from './reading.tsx'
import css from './spoken-text.module.css'

/** Nothing is missed where these say that there is no translation. */
const quietReasons: readonly (string | null)[] = ['same_language', 'no_words']

type Props = {
  message: Message
  /** As it came, where that is more than its text. */
  children?: ReactNode
  /** What follows the text also where that is translated: quotes of a mail. */
  after?: ReactNode
}

/** What was said, in the reader's language where there is a translation; the original is one click away. */
export function SpokenText({ message, children, after }: Props) {
  const { t, i18n } = useTranslation()
  const reading = useReading()
  const [turned, setTurned] = useState<boolean | null>(null)
  const translated = reading?.items.get(message.id)
  const showsOriginal = turned ?? reading?.showsOriginal ?? false
  const asItCame = children ?? <MessageText text={message.text} language={message.language} />

  if (!reading || !translated || quietReasons.includes(translated.reason))
    return (
      <>
        {asItCame}
        <WrittenAs message={message} />
      </>
    )
  const { state, text, provider, from, reason, missingTerms } = translated
  const again = (
    <button type="button" className={`plain ${css.act}`} onClick={() => reading.askAgain([message.id])}>
      {t(reason === 'unknown_language' ? 'translation.translate' : 'action.tryAgain')}
    </button>
  )
  if (state === 'done' && text !== null)
    return (
      <>
        {showsOriginal ? (
          asItCame
        ) : (
          <>
            <MessageText text={text} language={reading.to} />
            {after}
          </>
        )}
        <p className={css.mark}>
          <TranslationOutlined />
          <span>
            {t(showsOriginal ? 'translation.original' : 'translation.by', {
              language: from ? spellLanguage(from, i18n.language) : t('translation.someLanguage'),
              provider: provider ?? '',
            })}
          </span>
          <button type="button" className={`plain ${css.act}`} onClick={() => setTurned(!showsOriginal)}>
            {t(showsOriginal ? 'translation.showTranslation' : 'translation.showOriginal')}
          </button>
        </p>
        {missingTerms.length > 0 && !showsOriginal && (
          <p className={`${css.mark} ${css.warns}`}>
            <WarningOutlined />
            <span>{t('translation.missing', { terms: missingTerms.join(' · ') })}</span>
          </p>
        )}
      </>
    )
  return (
    <>
      {asItCame}
      <p className={css.mark}>
        <TranslationOutlined />
        {state === 'waiting' ? (
          <span role="status">{t('translation.waiting')}</span>
        ) : (
          <>
            <span>
              {t('translation.not', { why: t(`translation.reason.${(reason ?? 'failed') as 'failed'}`) })}
            </span>
            {again}
          </>
        )}
      </p>
    </>
  )
}

/** Of a reply: what its writer wrote in his own language, for colleagues alone. */
function WrittenAs({ message: { original } }: { message: Message }) {
  const { t, i18n } = useTranslation()
  if (!original) return null
  if (original.isUntranslated)
    return (
      <p className={css.mark}>
        <TranslationOutlined />
        <span>
          {t('translation.sentUntranslated', { language: spellLanguage(original.to, i18n.language) })}
        </span>
      </p>
    )
  return (
    <div className={css.written}>
      <MessageText text={original.text} language={original.language} />
      <p className={css.mark}>
        <TranslationOutlined />
        <span>
          {original.provider
            ? t('translation.writtenIn', {
                language: spellLanguage(original.language, i18n.language),
                provider: original.provider,
              })
            : t('translation.writtenByHand', { language: spellLanguage(original.language, i18n.language) })}
        </span>
      </p>
    </div>
  )
}
