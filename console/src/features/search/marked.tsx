import type { Hit } from './api.ts'
import css from './marked.module.css'

/** What was said around what was sought, which is marked by its offsets; it is text and never HTML. */
export function Marked({ snippet, ranges }: Pick<Hit, 'snippet' | 'ranges'>) {
  const pieces = ranges.flatMap(({ start, end }, n) => [
    { at: ranges[n - 1]?.end ?? 0, text: snippet.slice(ranges[n - 1]?.end ?? 0, start), isHit: false },
    { at: start, text: snippet.slice(start, end), isHit: true },
  ])
  return (
    <span dir="auto">
      {pieces.map(({ at, text, isHit }) =>
        isHit ? (
          <mark key={at} className={css.hit}>
            {text}
          </mark>
        ) : (
          text
        ),
      )}
      {snippet.slice(ranges.at(-1)?.end ?? 0)}
    </span>
  )
}
