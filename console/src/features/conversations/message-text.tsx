import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './message-text.module.css'

const foldOver = { characters: 1_200, lines: 14 }

/** Text as it was written, addresses made to open elsewhere; what is very long is folded first. */
export function MessageText({ text, language }: { text: string; language: string | null }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const isLong =
    text.length > foldOver.characters || text.split('\n', foldOver.lines + 1).length > foldOver.lines
  return (
    <>
      <div
        className={`${css.text} ${isLong && !isOpen ? css.folded : ''}`}
        dir="auto"
        lang={language ?? undefined}
      >
        {linked(text)}
      </div>
      {isLong && (
        <button
          type="button"
          className={`plain ${css.more}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'thread.less' : 'thread.more')}
        </button>
      )}
    </>
  )
}

/** Only http and https become links, and only ever as text: nothing a customer writes is taken as markup. */
function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"'）】》，。]+)/g).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  )
}
