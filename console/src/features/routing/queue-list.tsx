import { ArrowDownOutlined, ArrowUpOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { type Queue, queueList, useOrderQueues, useRemoveQueue, useSaveQueue } from './api.ts'
import { QueueForm } from './queue-form.tsx'
import css from './routing.module.css'
import { useSpellQueue } from './spell-queue.ts'
import { Weights } from './weights.tsx'

export function QueueList() {
  const { t } = useTranslation()
  const may = useMay()
  const query = useQuery(queueList())
  const spell = useSpellQueue()
  const [opened, setOpened] = useState<Queue | 'new' | null>(null)
  const mayManage = may('routing:manage')
  const queues = query.data?.items
  return (
    <Page
      width="wide"
      title={t('queues.title')}
      about={t('queues.about')}
      actions={
        mayManage && (
          <>
            <Link to="/settings/queues/simulation">
              <Button>{t('queues.simulate')}</Button>
            </Link>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
              {t('queues.new')}
            </Button>
          </>
        )
      }
    >
      <RecordTable<Queue>
        label={t('queues.title')}
        rows={{ ...query, data: queues }}
        onOpen={mayManage ? setOpened : undefined}
        empty={{ title: t('queues.none') }}
        columns={[
          {
            key: 'order',
            title: t('queues.order'),
            width: 96,
            render: queue => <Place queue={queue} queues={queues ?? []} mayMove={mayManage} />,
          },
          {
            key: 'name',
            title: t('queues.name'),
            render: ({ name, warnings }) => (
              <>
                <span className="strong">{name}</span>
                {warnings.map(({ code, queue }) => (
                  <span key={code} className={code === 'overlaps' ? css.note : css.warning}>
                    {t(`queues.warning.${code}`, { queue: queue ?? '' })}
                  </span>
                ))}
              </>
            ),
          },
          { key: 'takes', title: t('queues.takes'), render: queue => spell.takes(queue) },
          { key: 'members', title: t('queues.members'), render: queue => spell.members(queue) },
          {
            key: 'how',
            title: t('queues.how'),
            render: ({ pushes, strategy }) =>
              pushes ? (
                t(`queues.strategyOf.${strategy}`)
              ) : (
                <span className="quiet">{t('queues.holds')}</span>
              ),
          },
        ]}
      />
      <section className={css.below}>
        <h3>{t('queues.weights')}</h3>
        <Weights mayChange={mayManage} />
      </section>
      {opened && <Opened queue={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
    </Page>
  )
}

function Opened({ queue, onClose }: { queue: Queue | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSaveQueue(queue)
  const remove = useRemoveQueue()
  return (
    <QueueForm
      title={queue?.name ?? t('queues.new')}
      queue={queue}
      others={useQuery(queueList()).data?.items.filter(({ id }) => id !== queue?.id) ?? []}
      save={values => save.mutateAsync(values)}
      onClose={onClose}
      extra={
        queue && (
          <RemoveButton
            ask={t('queues.removeAsk', { name: queue.name })}
            id={queue.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    />
  )
}

function Place({ queue, queues, mayMove }: { queue: Queue; queues: Queue[]; mayMove: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const order = useOrderQueues()
  const ids = queues.map(({ id }) => id)
  const place = ids.indexOf(queue.id)
  const swap = (to: number) =>
    order.mutate(ids.with(place, ids[to]!).with(to, queue.id), {
      onError: error => void message.error(spell(error)),
    })
  return (
    <span className={css.place}>
      <span className="quiet">{place + 1}</span>
      {mayMove && (
        <>
          <Button
            type="text"
            size="small"
            icon={<ArrowUpOutlined />}
            aria-label={t('queues.up', { name: queue.name })}
            disabled={place === 0 || order.isPending}
            onClick={() => swap(place - 1)}
          />
          <Button
            type="text"
            size="small"
            icon={<ArrowDownOutlined />}
            aria-label={t('queues.down', { name: queue.name })}
            disabled={place === ids.length - 1 || order.isPending}
            onClick={() => swap(place + 1)}
          />
        </>
      )}
    </span>
  )
}
