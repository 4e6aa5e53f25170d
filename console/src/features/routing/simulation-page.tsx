import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { useStaff } from '../staff/api.ts'
import { type Played, type Queue, queueList, useSimulate } from './api.ts'
import { QueueForm } from './queue-form.tsx'
import css from './routing.module.css'
import { Result } from './simulation-result.tsx'

const day = 86_400_000

/** Asks what a past day would have been like under other queues; what is changed here is changed nowhere else. */
export function SimulationPage() {
  const { t } = useTranslation()
  const spell = useRefusal()
  const queues = useQuery(queueList()).data?.items ?? []
  const staff = useStaff()?.filter(({ deactivatedAt }) => !deactivatedAt) ?? []
  const simulate = useSimulate()
  const [date, setDate] = useState(() => localDay(new Date(Date.now() - day)))
  const [patienceSeconds, setPatience] = useState(300)
  const [handlingCapSeconds, setCap] = useState(1_800)
  const [assumedAgentIds, setAssumed] = useState<string[]>([])
  const [edits, setEdits] = useState<ReadonlyMap<string, Played>>(new Map())
  const [opened, setOpened] = useState<Queue | null>(null)

  const run = () => {
    const from = new Date(`${date}T00:00`)
    const to = new Date(Math.min(from.getTime() + day, Date.now()))
    simulate.mutate({
      from: from.toISOString(),
      to: to.toISOString(),
      patienceSeconds,
      handlingCapSeconds,
      assumedAgentIds,
      ...(edits.size > 0 && { queues: queues.map(queue => edits.get(queue.id) ?? playedOf(queue)) }),
    })
  }

  return (
    <Page width="wide" title={t('simulation.title')} about={t('simulation.about')}>
      <div className={css.ask}>
        <label>
          {t('simulation.day')}
          <Input
            type="date"
            value={date}
            max={localDay(new Date())}
            onChange={event => setDate(event.target.value)}
          />
        </label>
        <label>
          {t('simulation.patience')}
          <InputNumber
            min={1}
            max={86_400}
            value={patienceSeconds}
            suffix={t('queues.secondsUnit')}
            onChange={value => setPatience(value ?? 300)}
          />
        </label>
        <label>
          {t('simulation.cap')}
          <InputNumber
            min={10}
            max={86_400}
            value={handlingCapSeconds}
            suffix={t('queues.secondsUnit')}
            onChange={value => setCap(value ?? 1_800)}
          />
        </label>
        <label title={t('simulation.assumedHint')}>
          {t('simulation.assumed')}
          <Select
            mode="multiple"
            className={css.wide}
            maxTagCount="responsive"
            showSearch={{ optionFilterProp: 'label' }}
            value={assumedAgentIds}
            onChange={setAssumed}
            options={staff.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </label>
        <Button type="primary" loading={simulate.isPending} onClick={run} disabled={!date}>
          {t('simulation.run')}
        </Button>
      </div>
      <Card title={t('queues.title')}>
        <ol className={css.queues}>
          {queues.map(queue => (
            <li key={queue.id}>
              <span className="strong">{edits.get(queue.id)?.name ?? queue.name}</span>{' '}
              {edits.has(queue.id) && <span className="quiet small">{t('simulation.changed')} </span>}
              <Button type="link" size="small" onClick={() => setOpened(queue)}>
                {t('simulation.edit')}
              </Button>
              {edits.has(queue.id) && (
                <Button
                  type="link"
                  size="small"
                  onClick={() => setEdits(new Map([...edits].filter(([id]) => id !== queue.id)))}
                >
                  {t('simulation.undo')}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </Card>
      {simulate.error && <Alert type="error" showIcon title={spell(simulate.error)} />}
      {simulate.data && <Result result={simulate.data} />}
      {opened && (
        <QueueForm
          title={opened.name}
          queue={edits.get(opened.id) ?? opened}
          others={queues.filter(({ id }) => id !== opened.id)}
          submit={t('simulation.edit')}
          save={async values => setEdits(new Map(edits).set(opened.id, { ...values, id: opened.id }))}
          onClose={() => setOpened(null)}
        />
      )}
    </Page>
  )
}

const playedOf = ({ code: _, position: __, version: ___, warnings: ____, ...queue }: Queue): Played =>
  queue as Played

/** The day as the reader's own clock shows it. */
const localDay = (at: Date) =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(part => String(part).padStart(2, '0')).join('-')
