import type { ReactNode } from 'react'
import css from './page.module.css'

type Props = {
  title: ReactNode
  about?: ReactNode
  actions?: ReactNode
  width?: 'form' | 'list' | 'wide'
  children: ReactNode
}

/** A screen that is read from top to bottom: its title, what can be done, its matter. */
export function Page({ title, about, actions, width = 'list', children }: Props) {
  return (
    <main className={css.page}>
      <div className={css[width]}>
        <header className={css.head}>
          <div>
            <h1>{title}</h1>
            {about && <p className={css.about}>{about}</p>}
          </div>
          {actions && <div className={css.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </main>
  )
}

export function Card({
  title,
  extra,
  children,
  flush,
}: {
  title?: ReactNode
  extra?: ReactNode
  flush?: boolean
  children: ReactNode
}) {
  return (
    <section className={css.card}>
      {title && (
        <header className={css.cardHead}>
          <h3>{title}</h3>
          {extra}
        </header>
      )}
      <div className={flush ? undefined : css.cardBody}>{children}</div>
    </section>
  )
}
