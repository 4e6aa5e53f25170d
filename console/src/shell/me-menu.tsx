import {
  BellOutlined,
  GlobalOutlined,
  LogoutOutlined,
  QuestionCircleOutlined,
  SoundOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Dropdown, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeMe, useMe, useSignOut } from '../api/session.ts'
import { type Locale, speak } from '../i18n/index.ts'
import { useAppearance } from '../ui/appearance.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { useActions } from './actions.ts'
import { askForDesktop, canAskForDesktop, play, setSound, soundIsOn } from './attention.ts'
import css from './me-menu.module.css'

export function MeMenu({ onHelp }: { onHelp: () => void }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const changeMe = useChangeMe()
  const [appearance, setAppearance] = useAppearance()
  const [open, setOpen] = useState(false)
  const [sound, setSoundState] = useState(soundIsOn)

  function setLocale(locale: Locale) {
    speak(locale)
    changeMe.mutate({ locale })
  }

  function toggleSound() {
    setSound(!sound)
    setSoundState(!sound)
    if (!sound) play('assigned', 60)
  }

  const other: Locale = i18n.language === 'zh' ? 'en' : 'zh'
  useActions([
    {
      id: 'language',
      section: 'look',
      label: t('menu.switchLanguage'),
      words: 'language',
      run: () => setLocale(other),
    },
    { id: 'light', section: 'look', label: t('menu.useLight'), run: () => setAppearance('light') },
    { id: 'dark', section: 'look', label: t('menu.useDark'), run: () => setAppearance('dark') },
    { id: 'sound', section: 'you', label: t(sound ? 'menu.soundOff' : 'menu.soundOn'), run: toggleSound },
    { id: 'profile', section: 'you', label: t('menu.profile'), run: () => navigate({ to: '/profile' }) },
    { id: 'sign-out', section: 'you', label: t('menu.signOut'), run: () => signOut.mutate() },
  ])

  const close = (act: () => void) => () => {
    setOpen(false)
    act()
  }

  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      popupRender={() => (
        <div className={css.menu}>
          <div className={css.who}>
            <p className="strong cut">{me.name}</p>
            <p className="tiny quiet cut">
              {me.roleName} · {me.email}
            </p>
          </div>
          <div className={css.choices}>
            <GlobalOutlined className="quiet" />
            <Segmented
              block
              size="small"
              value={i18n.language}
              aria-label={t('menu.language')}
              onChange={value => setLocale(value as Locale)}
              options={[
                { value: 'zh', label: t('brand.zh') },
                { value: 'en', label: t('brand.en') },
              ]}
            />
            <span />
            <Segmented
              block
              size="small"
              value={appearance}
              aria-label={t('menu.appearance')}
              onChange={setAppearance}
              options={(['light', 'dark', 'system'] as const).map(value => ({
                value,
                label: t(`menu.${value}`),
              }))}
            />
          </div>
          <Item
            icon={<UserOutlined />}
            label={t('menu.profile')}
            onClick={close(() => navigate({ to: '/profile' }))}
          />
          <Item
            icon={<SoundOutlined />}
            label={t(sound ? 'menu.soundOff' : 'menu.soundOn')}
            onClick={toggleSound}
          />
          {canAskForDesktop() && (
            <Item icon={<BellOutlined />} label={t('menu.desktop')} onClick={close(askForDesktop)} />
          )}
          <Item icon={<QuestionCircleOutlined />} label={t('help.title')} hint="?" onClick={close(onHelp)} />
          <Item icon={<LogoutOutlined />} label={t('menu.signOut')} onClick={close(() => signOut.mutate())} />
        </div>
      )}
    >
      <button type="button" className={`plain ${css.me}`} aria-label={t('menu.title')}>
        <Avatar name={me.name} size={32} tone="staff" />
      </button>
    </Dropdown>
  )
}

function Item({
  icon,
  label,
  hint,
  onClick,
}: {
  icon: React.ReactNode
  label: string
  hint?: string
  onClick: () => void
}) {
  return (
    <button type="button" className={`plain ${css.item}`} onClick={onClick}>
      <span className="quiet">{icon}</span>
      <span>{label}</span>
      {hint && <kbd>{hint}</kbd>}
    </button>
  )
}
