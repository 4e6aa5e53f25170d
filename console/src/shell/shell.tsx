import { SearchOutlined } from '@ant-design/icons'
import { Link, Outlet, useMatches } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../api/session.ts'
import { KeyHint } from '../ui/key-hint.tsx'
import { NoPermission } from '../ui/states.tsx'
import { useActionKeys, useActions } from './actions.ts'
import { AvailabilitySwitch } from './availability.tsx'
import { CommandBar } from './command-bar.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { KeyHelp } from './key-help.tsx'
import { MeMenu } from './me-menu.tsx'
import css from './shell.module.css'
import { Wordmark } from './wordmark.tsx'

export type Place = {
  to: string
  label: string
  icon: ReactNode
  permission?: string
  count?: ReactNode
  keys?: string
}

/** The frame around every screen: where one can go, how it stands, who one is. */
export function Shell({
  places,
  status,
  go,
}: {
  places: Place[]
  status: ReactNode
  go: (to: string) => void
}) {
  const { t } = useTranslation()
  const may = useMay()
  const [dialog, setDialog] = useState<'commands' | 'help' | null>(null)
  const close = () => setDialog(null)
  const here = useMatches({ select: matches => `${matches.at(-1)?.pathname}/` })
  const place = places.find(({ to }) => here.startsWith(`${to}/`))
  const open = places.filter(({ permission }) => !permission || may(permission))

  useActionKeys()
  useActions([
    ...open.map(({ to, label, keys }) => ({
      id: `go-${to}`,
      section: 'go' as const,
      label,
      keys,
      run: () => go(to),
    })),
    {
      id: 'commands',
      section: 'look',
      label: t('command.title'),
      keys: 'mod+k',
      run: () => setDialog('commands'),
    },
    { id: 'help', section: 'look', label: t('help.title'), keys: '?', run: () => setDialog('help') },
  ])

  return (
    <div className={css.shell}>
      <a href="#main" className={css.skip}>
        {t('shell.skip')}
      </a>
      <header className={css.top}>
        <Link to="/" className={css.brand}>
          <Wordmark />
        </Link>
        <button type="button" className={`plain ${css.search}`} onClick={() => setDialog('commands')}>
          <SearchOutlined />
          <span>{t('command.open')}</span>
          <KeyHint keys="mod+k" />
        </button>
        <div className={css.status}>{status}</div>
        <AvailabilitySwitch />
        <MeMenu onHelp={() => setDialog('help')} />
      </header>
      <nav className={css.nav} aria-label={t('shell.places')}>
        {open.map(({ to, label, icon, count }) => (
          <Link key={to} to={to} className={css.place} activeProps={{ className: css.here }}>
            <span className={css.icon}>
              {icon}
              {count}
            </span>
            <span className={css.label}>{label}</span>
          </Link>
        ))}
      </nav>
      <div className={css.body} id="main">
        <ConnectionBanner />
        {!place?.permission || may(place.permission) ? <Outlet /> : <NoPermission />}
      </div>
      {dialog === 'commands' && <CommandBar onClose={close} />}
      {dialog === 'help' && <KeyHelp onClose={close} />}
    </div>
  )
}
