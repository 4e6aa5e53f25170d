import { useQuery } from '@tanstack/react-query'
import { App, Form, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/client.ts'
import { useMay } from '../../api/session.ts'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { queueList } from '../routing/api.ts'
import { useStaff, useTeams } from '../staff/api.ts'
import { type Move, useMove } from './api.ts'

type Values = { to: string; note: string }

/** Moves one or many to a colleague, a team or a queue; why is written into the log of each. */
export function MoveDialog({
  what,
  about,
  onClose,
}: {
  what: Move['what']
  about: string
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const move = useMove()
  const staff = (useStaff() ?? []).filter(
    ({ id, deactivatedAt }) => !deactivatedAt && !(what.kind === 'staff' && what.id === id),
  )
  const teams = useTeams() ?? []
  const queues = useQuery({ ...queueList(), enabled: may('conversations:read') }).data?.items ?? []
  const options = [
    {
      label: t('transfer.people'),
      options: staff.map(({ id, name, availability }) => ({
        value: `staff:${id}`,
        label: `${name} · ${t(`availability.${availability.state}`)}`,
      })),
    },
    {
      label: t('transfer.teams'),
      options: teams.map(({ id, name }) => ({ value: `team:${id}`, label: name })),
    },
    {
      label: t('queues.title'),
      options: queues
        .filter(({ id }) => !(what.kind === 'queue' && what.id === id))
        .map(({ id, name }) => ({ value: `queue:${id}`, label: name })),
    },
  ]

  async function save({ to, note }: Values) {
    const [kind, id] = to.split(':') as [Move['to']['kind'], string]
    const { moved, left, isMore } = await move.mutateAsync({ what, to: { kind, id }, note: note.trim() })
    message.success(t('move.moved', { count: moved.length }))
    if (isMore) message.info(t('move.more'))
    for (const code of new Set(left.map(({ code }) => code)))
      message.warning(
        t('move.left', {
          count: left.filter(one => one.code === code).length,
          why: spell(new Refused(409, code, '')),
        }),
      )
  }

  return (
    <Modal open title={t('move.title')} onCancel={onClose} footer={null} width={460} destroyOnHidden>
      <p className="quiet">{about}</p>
      <RecordForm<Values>
        initial={{}}
        save={save}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('move.submit')}
      >
        <Form.Item
          name="to"
          label={t('transfer.to')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select autoFocus showSearch={{ optionFilterProp: 'label' }} options={options} listHeight={320} />
        </Form.Item>
        <Form.Item
          name="note"
          label={t('move.note')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <GrowingArea minRows={2} maxLength={500} />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
