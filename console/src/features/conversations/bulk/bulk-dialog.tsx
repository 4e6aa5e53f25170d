import { Form, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { ActionFields } from '../../../ui/action-form/action-fields.tsx'
import { isComplete, type Params, paramsFrom } from '../../../ui/action-form/params.ts'
import { RecordForm } from '../../../ui/record-form.tsx'
import { useActionWords } from '../actions/action-words.tsx'
import { type ActionKind, useNameOfAction } from '../actions/api.ts'
import type { ConversationRow, ListFilter } from '../api.ts'
import { type NewBulkJob, useStartBulkJob } from './api.ts'
import css from './bulk.module.css'
import type { Chosen } from './choosing.ts'

type Props = {
  kind: ActionKind
  chosen: Chosen
  rows: ConversationRow[]
  filter: ListFilter
  onStarted: (jobId: string) => void
  onClose: () => void
}

/** What an action asks for, once for all that are chosen. */
export function BulkDialog({ kind, chosen, rows, filter, onStarted, onClose }: Props) {
  const { t } = useTranslation()
  const start = useStartBulkJob()
  const words = useActionWords()
  const nameOf = useNameOfAction()
  const targets = rows
    .filter(({ id }) => chosen.ids.has(id))
    .map(({ id, number, customer }) => ({
      value: id,
      label: `${t('conversation.number', { number })} ${customer.name}`,
    }))

  async function save({ params }: { params: Params }) {
    const { view, teamId, storeId, savedViewId } = filter
    // What others are merged into stays out of it.
    const ids = [...chosen.ids].filter(id => id !== params.intoId)
    const body: NewBulkJob = {
      actions: [{ code: kind.code, params }],
      ...(chosen.isAll ? { filter: { view, teamId, storeId, savedViewId } } : { conversationIds: ids }),
    }
    const { id } = await start.mutateAsync(body)
    onStarted(id)
  }

  return (
    <Modal open title={nameOf(kind.code)} footer={null} width={460} onCancel={onClose} destroyOnHidden>
      <p className={css.about}>
        {chosen.isAll ? t('bulk.toAll') : t('bulk.toChosen', { count: chosen.ids.size })}
      </p>
      <RecordForm<{ params: Params }>
        initial={{ params: paramsFrom(kind.params, {}) }}
        save={save}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('bulk.start')}
      >
        <Form.Item
          name="params"
          rules={[
            {
              validator: async (_, params) => {
                if (!isComplete(kind.params, params)) throw new Error(t('form.required'))
              },
            },
          ]}
        >
          <ActionFields
            schema={kind.params}
            words={{
              ...words,
              choicesOf: (of, params) => (of === 'conversation' ? targets : words.choicesOf(of, params)),
            }}
          />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
