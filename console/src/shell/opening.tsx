import css from './wordmark.module.css'
import { Wordmark } from './wordmark.tsx'

/** While the desk is being fetched: the name, and only if it takes long enough to wonder. */
export function Opening() {
  return (
    <div className={css.opening} role="status">
      <Wordmark large />
    </div>
  )
}
