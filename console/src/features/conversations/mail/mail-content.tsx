import { EllipsisOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Skeleton } from '../../../ui/states.tsx'
import type { Message } from '../api.ts'
import { MessageText } from '../message-text.tsx'
import { SpokenText } from '../translation/spoken-text.tsx'
import type { MailFacts } from './api.ts'
import css from './mail-content.module.css'
import { foldSegments, type Piece } from './segments.ts'

/** The sanitiser is large, and few mails are looked at as they were sent. */
const MailFrame = lazy(() => import('./mail-frame.tsx').then(file => ({ default: file.MailFrame })))

type Props = { message: Message & { mail: MailFacts }; isAsSent: boolean }

export function MailContent({ message, isAsSent }: Props) {
  const { t } = useTranslation()
  const { mail, text, language } = message
  const pieces = foldSegments(mail.segments, text)
  if (isAsSent)
    return (
      <Suspense fallback={<Skeleton lines={4} />}>
        <MailFrame messageId={message.id} />
      </Suspense>
    )
  const folds = pieces.map((piece, index) =>
    piece.kind === 'said' ? null : (
      <Fold key={index} parts={piece.parts} isOpenAtFirst={pieces.length === 1} />
    ),
  )
  return (
    <SpokenText message={message} after={<div className={css.pieces}>{folds}</div>}>
      <div className={css.pieces}>
        {pieces.map((piece, index) =>
          piece.kind === 'said' ? (
            <MessageText key={index} text={piece.text} language={language} />
          ) : (
            folds[index]
          ),
        )}
        {pieces.length === 0 && <p className="quiet">{t(mail.hasHtml ? 'mail.onlyHtml' : 'mail.noText')}</p>}
      </div>
    </SpokenText>
  )
}

type Parts = Extract<Piece, { kind: 'folded' }>['parts']

function Fold({ parts, isOpenAtFirst }: { parts: Parts; isOpenAtFirst: boolean }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  return (
    <div>
      <button
        type="button"
        className={`plain ${css.fold}`}
        aria-expanded={isOpen}
        aria-label={t('mail.folded')}
        title={t('mail.folded')}
        onClick={() => setOpen(!isOpen)}
      >
        <EllipsisOutlined />
      </button>
      {isOpen &&
        parts.map(({ kind, text }, index) => (
          <div key={index} className={`${css.part} ${css[kind]}`} dir="auto">
            {text}
          </div>
        ))}
    </div>
  )
}
