import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Alert, App, Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/client.ts'
import { useMay } from '../../api/session.ts'
import { ActionFields } from '../../ui/action-form/action-fields.tsx'
import type { ParamsSchema } from '../../ui/action-form/params.ts'
import { Card, Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { RemoveButton } from '../../ui/remove-button.tsx'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { useActionWords } from '../conversations/actions/action-words.tsx'
import { type ConditionFields, conditionFields } from '../conversations/saved-views/api.ts'
import {
  type Described,
  type Draft,
  draftOf,
  type Flow,
  flow,
  triggerList,
  usePublishFlow,
  useRemoveFlow,
  useSaveFlow,
} from './api.ts'
import { DryRunPanel, useDryRun } from './dry-run-panel.tsx'
import css from './flows.module.css'
import { useSpellFlow } from './spell-flow.ts'
import { Asked, StepList } from './step-list.tsx'
import { TriggerParams } from './trigger-params.tsx'

export function FlowPage() {
  const { flowId } = useParams({ strict: false }) as { flowId: string }
  const { data, error, refetch } = useQuery(flow(flowId))
  const fields = useQuery(conditionFields()).data
  const triggers = useQuery(triggerList()).data
  if (error) return <Failure error={error} retry={refetch} />
  if (!data || !fields || !triggers) return <Skeleton lines={10} />
  return <Editor key={data.id} flow={data} fields={fields} triggers={triggers} />
}

type Props = { flow: Flow; fields: ConditionFields; triggers: Described[] }

function Editor({ flow, fields, triggers }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const spellFlow = useSpellFlow()
  const words = useActionWords()
  const navigate = useNavigate()
  const mayManage = useMay()('flows:manage')
  const [name, setName] = useState(flow.name)
  const [draft, setDraft] = useState<Draft>(() => draftOf(flow))
  const [tried, setTried] = useState<string>()
  const [fault, setFault] = useState<{ path: string; words: string } | null>(null)
  const save = useSaveFlow(flow.id)
  const publish = usePublishFlow(flow.id)
  const remove = useRemoveFlow()
  const shown = useDryRun(draft, tried)
  const change = (part: Partial<Draft>) => {
    setFault(null)
    setDraft({ ...draft, ...part })
  }
  const trigger = triggers.find(({ code }) => code === draft.trigger.code)

  async function keep(isPublished: boolean) {
    try {
      const saved = await save.mutateAsync({ name, draft, expectedVersion: flow.version })
      if (isPublished) await publish.mutateAsync(saved.version)
      message.success(t(isPublished ? 'flows.published' : 'action.saved'))
    } catch (error) {
      const path = pathOf(error)
      if (path) setFault({ path, words: spell(error) })
      else message.error(spell(error))
    }
  }

  return (
    <Page
      width="wide"
      title={flow.name}
      actions={
        <>
          <Link to="/settings/flows/$flowId/runs" params={{ flowId: flow.id }}>
            <Button>{t('flows.journal')}</Button>
          </Link>
          {mayManage && (
            <>
              <RemoveButton
                ask={t('flows.removeAsk', { name: flow.name })}
                id={flow.id}
                remove={remove}
                onDone={() => navigate({ to: '/settings/flows' })}
              />
              <Button loading={save.isPending} onClick={() => keep(false)}>
                {t('flows.save')}
              </Button>
              <Button type="primary" loading={publish.isPending} onClick={() => keep(true)}>
                {t('flows.publish')}
              </Button>
            </>
          )}
        </>
      }
    >
      {flow.warnings.map(code => (
        <Alert key={code} type="warning" showIcon className={css.alert} title={t(`flows.warning.${code}`)} />
      ))}
      {fault && (
        <Alert type="error" showIcon className={css.alert} title={fault.words} description={fault.path} />
      )}
      <div className={css.editor}>
        <div>
          <Card title={t('flows.when')}>
            <div className={css.fields}>
              <div className={css.field}>
                {t('flows.name')}
                <Input
                  aria-label={t('flows.name')}
                  maxLength={120}
                  value={name}
                  onChange={event => setName(event.target.value)}
                />
              </div>
              <div className={css.field}>
                {t('flows.trigger')}
                <Select
                  aria-label={t('flows.trigger')}
                  value={draft.trigger.code}
                  options={[...triggers.map(({ code }) => code), 'schedule', 'elapsed'].map(value => ({
                    value,
                    label: spellFlow.trigger(value),
                  }))}
                  onChange={code => change({ trigger: { code, params: startOf(code) } })}
                />
              </div>
            </div>
            {trigger ? (
              <ActionFields
                isKept
                schema={trigger.params as ParamsSchema}
                words={words}
                value={draft.trigger.params}
                onChange={params => change({ trigger: { ...draft.trigger, params } })}
              />
            ) : (
              <TriggerParams
                code={draft.trigger.code}
                params={draft.trigger.params}
                onChange={params => change({ trigger: { ...draft.trigger, params } })}
              />
            )}
          </Card>
          <Card title={t('flows.if')}>
            <p className="quiet small">{t('flows.ifHint')}</p>
            <Asked
              condition={draft.condition}
              fields={fields}
              onChange={condition => change({ condition })}
            />
          </Card>
          <Card title={t('flows.steps')}>
            <StepList
              steps={draft.steps}
              at="steps"
              faultyAt={fault?.path}
              onChange={steps => change({ steps })}
            />
          </Card>
          <Card title={t('flows.limits')}>
            <p className="quiet small">{t('flows.limitsHint')}</p>
            <div className={css.fields}>
              {(['perHour', 'sendsPerHour', 'perRecordHour'] as const).map(key => (
                <div key={key} className={css.field}>
                  {t(`flows.${key}`)}
                  <InputNumber
                    aria-label={t(`flows.${key}`)}
                    className={css.number}
                    min={1}
                    max={20_000}
                    precision={0}
                    value={draft.limits[key]}
                    onChange={n => change({ limits: { ...draft.limits, [key]: n ?? 1 } })}
                  />
                </div>
              ))}
              <Checkbox
                className={css.broad}
                checked={draft.stopsOthers}
                onChange={event => change({ stopsOthers: event.target.checked })}
              >
                {t('flows.stopsOthers')}
              </Checkbox>
            </div>
          </Card>
        </div>
        <div className={css.side}>
          {mayManage && (
            <DryRunPanel shown={shown} isOne={tried !== undefined}>
              <Tried onTry={setTried} />
            </DryRunPanel>
          )}
        </div>
      </div>
    </Page>
  )
}

/** The address of a conversation ends with its id; either may be pasted. */
function Tried({ onTry }: { onTry: (id: string | undefined) => void }) {
  const { t } = useTranslation()
  return (
    <Input
      allowClear
      className={css.tried}
      aria-label={t('flows.dryRun.one')}
      placeholder={t('flows.dryRun.address')}
      onChange={event => onTry(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/.exec(event.target.value)?.[0])}
    />
  )
}

const startOf = (code: string): Record<string, unknown> =>
  code === 'schedule'
    ? { at: '09:00', zone: null, days: [1, 2, 3, 4, 5] }
    : code === 'elapsed'
      ? { field: 'waiting_since', hours: 4 }
      : {}

function pathOf(error: unknown) {
  if (!(error instanceof Refused) || error.status !== 422) return null
  const { path } = (error.details ?? {}) as { path?: unknown }
  return typeof path === 'string' ? path : null
}
