import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Form, Modal, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordForm } from '../../../ui/record-form.tsx'
import { Skeleton } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { conversationsOf } from '../../customers/api.ts'
import { type ConversationRow, isDone, useMerge } from '../api.ts'
import css from './merging.module.css'

/** Takes a conversation into another open one of the same customer. */
export function MergeDialog({ row, onClose }: { row: ConversationRow; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const merge = useMerge(row.id)
  const all = useQuery(conversationsOf(row.customer.id)).data
  const others = all?.filter(other => other.id !== row.id && !isDone(other))

  async function save({ intoId }: { intoId: string }) {
    await merge.mutateAsync(intoId)
    await navigate({ to: '/inbox/$conversationId', params: { conversationId: intoId }, search })
  }

  return (
    <Modal
      open
      title={t('merging.title', { number: row.number })}
      footer={null}
      width={480}
      onCancel={onClose}
      destroyOnHidden
    >
      {!others && <Skeleton lines={3} />}
      {others?.length === 0 && (
        <>
          <p>{t('merging.none')}</p>
          <p className="quiet small">{t('merging.otherCustomer')}</p>
        </>
      )}
      {others && others.length > 0 && (
        <RecordForm<{ intoId: string }>
          initial={{ intoId: others[0]!.id }}
          save={save}
          onSaved={onClose}
          onCancel={onClose}
          submit={t('merging.submit')}
        >
          <Form.Item name="intoId" label={t('merging.into')} extra={t('merging.about')}>
            <Radio.Group
              vertical
              options={others.map(other => ({
                value: other.id,
                label: <Target row={other} />,
              }))}
            />
          </Form.Item>
        </RecordForm>
      )}
    </Modal>
  )
}

function Target({
  row: { number, preview, subject, store, lastActivityAt, channel },
}: {
  row: ConversationRow
}) {
  const { t } = useTranslation()
  return (
    <span className={css.target}>
      <span className="cut" dir="auto">
        {t('conversation.number', { number })} {subject ?? preview?.text}
      </span>
      <span className="quiet small">
        {t(`channel.kind.${channel.kind as 'mail'}`, { defaultValue: channel.kind })} · {store.name} ·{' '}
        <Time at={lastActivityAt} />
      </span>
    </span>
  )
}
