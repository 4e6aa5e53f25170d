import css from './marks.module.css'

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

const signs: Record<string, string> = isMac
  ? { mod: '⌘', alt: '⌥', shift: '⇧', enter: '↵' }
  : { mod: 'Ctrl', alt: 'Alt', shift: 'Shift', enter: 'Enter' }

/** `mod+k` as the keys are printed on this person's keyboard. */
export const spellKeys = (keys: string) =>
  keys
    .split('+')
    .map(key => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isMac ? '' : ' ')

export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className={css.keys} aria-hidden>
      {keys.split('+').map(key => (
        <kbd key={key}>{spellKeys(key)}</kbd>
      ))}
    </span>
  )
}
