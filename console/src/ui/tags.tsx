import css from './marks.module.css'

export function Tags({ items }: { items: readonly string[] }) {
  return (
    <span className={css.tags}>
      {items.map(tag => (
        <span key={tag} className={css.tag} dir="auto">
          {tag}
        </span>
      ))}
    </span>
  )
}
