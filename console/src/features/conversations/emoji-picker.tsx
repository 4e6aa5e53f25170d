import { useTranslation } from 'react-i18next'
import { emoji } from './emoji.ts'
import css from './emoji-picker.module.css'

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.grid}>
      {emoji.map(sign => (
        <button
          key={sign}
          type="button"
          className={`plain ${css.sign}`}
          aria-label={t('composer.putEmoji', { sign })}
          onClick={() => onPick(sign)}
        >
          {sign}
        </button>
      ))}
    </div>
  )
}
