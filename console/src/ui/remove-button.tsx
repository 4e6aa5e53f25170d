import { DeleteOutlined } from '@ant-design/icons'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRefusal } from './refusal.ts'

type Props = {
  ask: string
  /** What is to go, and how: as `useMutation` gives it. */
  id: string
  remove: {
    isPending: boolean
    mutate: (id: string, then: { onSuccess: () => void; onError: (error: Error) => void }) => void
  }
  onDone: () => void
}

/** Removes one record after asking; a refusal is told where the reader looks. */
export function RemoveButton({ ask, id, remove, onDone }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const act = () =>
    remove.mutate(id, { onSuccess: onDone, onError: error => void message.error(spell(error)) })
  return (
    <Popconfirm title={ask} okText={t('action.remove')} onConfirm={act}>
      <Button icon={<DeleteOutlined />} loading={remove.isPending}>
        {t('action.remove')}
      </Button>
    </Popconfirm>
  )
}
