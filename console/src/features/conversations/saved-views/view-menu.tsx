import { MoreOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Dropdown, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../../api/session.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import { useTeams } from '../../staff/api.ts'
import css from '../rail.module.css'
import { type SavedView, useChangeView, useDeleteView, useMoveView } from './api.ts'
import { movesTo } from './order.ts'
import { useCopy } from './start.ts'
import type { Draft } from './view-editor.tsx'

type Props = { view: SavedView; section: SavedView[]; onEdit: (draft: Draft) => void }

/** What can be done with a saved view; one of somebody else's can still be taken as the start of an own. */
export function ViewMenu({ view, section, onEdit }: Props) {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/inbox' })
  const me = useMe()
  const spell = useRefusal()
  const copy = useCopy()
  const shares = useShares(view)
  const move = useMoveView()
  const remove = useDeleteView()
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  const step = (by: 1 | -1) => ({
    disabled: move.isPending || movesTo(section, view.id, by).length === 0,
    onClick: () => move.mutate(movesTo(section, view.id, by), refuse),
  })

  const askToDelete = () =>
    modal.confirm({
      title: t('views.delete', { name: view.name }),
      content: view.scope === 'personal' ? undefined : t('views.deleteShared'),
      okText: t('action.remove'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync(view.id).then(() => {
          if (search.savedViewId === view.id) navigate({ to: '/inbox', search: {} })
        }, refuse.onError),
    })

  const duplicate = { key: 'copy', label: t('views.duplicate'), onClick: () => onEdit(copy(view)) }
  const items: MenuProps['items'] = view.isMine
    ? [
        { key: 'edit', label: t('action.edit'), onClick: () => onEdit(draftOf(view, me.id)) },
        duplicate,
        ...(shares.length > 0 ? [{ key: 'share', label: t('views.share'), children: shares }] : []),
        { type: 'divider' },
        { key: 'up', label: t('views.up'), ...step(-1) },
        { key: 'down', label: t('views.down'), ...step(1) },
        { type: 'divider' },
        { key: 'delete', label: t('views.deleteIt'), danger: true, onClick: askToDelete },
      ]
    : [duplicate]

  return (
    <Dropdown trigger={['click']} menu={{ items }} placement="bottomLeft">
      <button type="button" className={`plain ${css.menu}`} aria-label={t('views.menu', { name: view.name })}>
        <MoreOutlined />
      </button>
    </Dropdown>
  )
}

function useShares(view: SavedView): NonNullable<MenuProps['items']> {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const may = useMay()
  const teams = useTeams() ?? []
  const spell = useRefusal()
  const change = useChangeView()
  if (!may('conversations:manage')) return []
  const shareWith = (scope: SavedView['scope'], teamId: string | null) => ({
    onClick: () =>
      change.mutate(
        { id: view.id, scope, teamId, expectedVersion: view.version },
        { onError: error => void message.error(spell(error)) },
      ),
  })
  return [
    {
      key: 'me',
      label: t('views.scope.personal'),
      disabled: view.scope === 'personal',
      ...shareWith('personal', null),
    },
    ...teams.map(({ id, name }) => ({
      key: id,
      label: name,
      disabled: view.team?.id === id,
      ...shareWith('team', id),
    })),
    {
      key: 'all',
      label: t('views.scope.company'),
      disabled: view.scope === 'company',
      ...shareWith('company', null),
    },
  ].filter(({ key }) => key !== 'me' || view.owner.id === me.id)
}

const draftOf = ({ team, owner, isMine: _, ...view }: SavedView, meId: string): Draft => ({
  ...view,
  teamId: team?.id ?? null,
  isOwn: owner.id === meId,
})
