import { CloseOutlined } from '@ant-design/icons'
import { Link, useSearch } from '@tanstack/react-router'
import { App, Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import { useNameOf } from '../../customers/name.ts'
import others from '../other-conversations.module.css'
import { type ConversationLink, useUnlink } from './api.ts'
import css from './linking.module.css'

/** What stands beside this conversation, each as it is seen from here; one click opens it. */
export function LinksCard({ id, items }: { id: string; items: ConversationLink[] }) {
  return (
    <ul>
      {items.map(link => (
        <li key={link.id} className={css.link}>
          <Linked {...link} />
          {link.other && <Unlink id={id} linkId={link.id} number={link.other.number} />}
        </li>
      ))}
    </ul>
  )
}

function Linked({ kind, other }: ConversationLink) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { at: _, ...search } = useSearch({ strict: false })
  if (!other) return <p className={`quiet small ${css.unseen}`}>{t(`linking.unseen.${kind}`)}</p>
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: other.id }}
      search={search}
      className={`${others.other} ${css.to}`}
    >
      <span className="cut">{t(`linking.seen.${kind}`, { number: other.number })}</span>
      <span className={`cut ${others.about}`}>
        <bdi>{nameOf(other.customer)}</bdi> · {t(`status.${other.category}`)} · {other.store.name}
      </span>
    </Link>
  )
}

function Unlink({ id, linkId, number }: { id: string; linkId: string; number: number }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const unlink = useUnlink(id)
  if (!may('conversations:reply')) return null
  const label = t('linking.remove', { number })
  const remove = () =>
    unlink.mutate(linkId, {
      onSuccess: () => void message.success(t('linking.removed')),
      onError: error => void message.error(spell(error)),
    })
  return (
    <Tooltip title={label}>
      <Button
        type="text"
        size="small"
        className={css.remove}
        icon={<CloseOutlined />}
        aria-label={label}
        loading={unlink.isPending}
        onClick={remove}
      />
    </Tooltip>
  )
}
