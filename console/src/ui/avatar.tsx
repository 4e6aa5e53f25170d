import { ApiOutlined, MailOutlined, MessageFilled, UserOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import css from './avatar.module.css'

type Props = {
  name: string
  channel?: string
  size?: 20 | 24 | 32 | 36 | 48
  state?: 'online' | 'busy' | 'away' | 'offline'
  tone?: 'customer' | 'staff'
}

export function Avatar({ name, channel, size = 36, state, tone = 'customer' }: Props) {
  return (
    <span className={`${css.avatar} ${css[tone]} ${css[`s${size}`]}`} aria-hidden>
      {name.trim() ? initials(name) : <UserOutlined />}
      {channel && <ChannelMark kind={channel} />}
      {state && <i className={`${css.state} ${css[state]}`} />}
    </span>
  )
}

function ChannelMark({ kind }: { kind: string }) {
  const { t } = useTranslation()
  const Icon = kind === 'api' ? ApiOutlined : kind === 'mail' ? MailOutlined : MessageFilled
  return (
    <i className={css.mark} title={t(`channel.kind.${kind as 'api'}`)}>
      <Icon />
    </i>
  )
}

/** One sign where a name is written without spaces between words, else the first of the first and last word. */
export function initials(name: string) {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? '·'
  if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Arabic}/u.test(first)) return first
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] : ''
  return (first + last).toUpperCase()
}
