import { EyeOutlined, FormOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useDraftWriters } from './draft-signs.ts'
import { usePresence } from './presence.ts'
import css from './thread-header.module.css'

export function DraftWriters({ id }: { id: string }) {
  const { t } = useTranslation()
  const writers = useDraftWriters(id)
  const titleOf = (name: string) => t('presence.draftBy', { name })
  return <People icon={<FormOutlined className="quiet" />} people={writers} titleOf={titleOf} />
}

export function Viewers({ id }: { id: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const others = usePresence(id).filter(person => person.id !== 'customer' && person.id !== me.id)
  const titleOf = (name: string, isTyping: boolean) =>
    t(isTyping ? 'presence.typingBy' : 'presence.viewingBy', { name })
  return <People icon={<EyeOutlined className="quiet" />} people={others} titleOf={titleOf} />
}

type Person = { id: string; name?: string | null; typing?: boolean }
type Props = {
  icon: ReactNode
  people: readonly Person[]
  titleOf: (name: string, isTyping: boolean) => string
}

function People({ icon, people, titleOf }: Props) {
  const { t } = useTranslation()
  if (people.length === 0) return null
  return (
    <span className={css.viewers}>
      {icon}
      {people.map(({ id, typing = false, ...person }) => {
        const name = person.name ?? t('presence.someone')
        return (
          <Tooltip key={id} title={titleOf(name, typing)}>
            <span className={typing ? css.writing : undefined}>
              <Avatar name={name} size={24} tone="staff" />
            </span>
          </Tooltip>
        )
      })}
    </span>
  )
}
