import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Drawer, Form, Input, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleGroupType } from 'react-querybuilder'
import { Refused } from '../../../api/client.ts'
import { useMay } from '../../../api/session.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { useTeams } from '../../staff/api.ts'
import {
  type ConditionFields,
  conditionFields,
  type NewSavedView,
  type SavedView,
  useSaveView,
} from './api.ts'
import { ConditionBuilder } from './condition-builder.tsx'
import { Count, Preview, usePreview } from './preview.tsx'
import { useProblems } from './problems.ts'
import { toCondition, toTree } from './tree.ts'
import css from './view-editor.module.css'

export type Draft = Required<NewSavedView> & {
  id?: string
  version?: number
  /** Whether the one who edits it made it, and so could have it for himself. */
  isOwn?: boolean
  problems?: SavedView['problems']
}

type Props = { draft: Draft; onClose: () => void }

const sorts = ['clock', 'waiting', 'activity'] as const

/** A view is put together with what it would show beside it. */
export function ViewEditor({ draft, onClose }: Props) {
  const { t } = useTranslation()
  const { data: fields, error, refetch } = useQuery(conditionFields())
  const title = t(draft.id ? 'views.edit' : 'views.new')
  if (fields) return <Editor draft={draft} fields={fields} title={title} onClose={onClose} />
  return (
    <Drawer open title={title} size={width} onClose={onClose}>
      {error ? <Failure error={error} retry={refetch} /> : <Skeleton />}
    </Drawer>
  )
}

const width = 780

type Values = { name: string; sort: Draft['sort']; seenBy: string }

function Editor({ draft, fields, title, onClose }: Props & { fields: ConditionFields; title: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const spell = useRefusal()
  const [form] = Form.useForm<Values>()
  const save = useSaveView(draft.id)
  const seenBy = useSeenBy(draft)
  const lost = useProblems(draft.problems ?? [])
  const [tree, setTree] = useState<RuleGroupType>(() => toTree(draft.condition, fields))
  const [hasTried, setTried] = useState(false)
  const { condition, unfinished, ruleAt } = useMemo(() => toCondition(tree, fields), [tree, fields])
  const preview = usePreview(condition)
  const refused = faultOf(preview.isCurrent ? preview.error : null) ?? faultOf(save.error)
  const refusedRule = refused && ruleAt(refused.path)
  const faulty = useMemo(
    () => [...(refusedRule ? [refusedRule] : []), ...(hasTried ? unfinished : [])],
    [refusedRule, hasTried, unfinished],
  )

  const fault = refused
    ? t('views.refused', { why: spell(refused.error) })
    : hasTried && unfinished.length > 0
      ? t('views.unfinished')
      : null

  function change(next: RuleGroupType) {
    save.reset()
    setTree(next)
  }

  async function submit({ name, sort, seenBy }: Values) {
    setTried(true)
    if (unfinished.length > 0 || refused) return
    const scope: Draft['scope'] = seenBy === 'personal' || seenBy === 'company' ? seenBy : 'team'
    const body = { name: name.trim(), condition, sort, scope, teamId: scope === 'team' ? seenBy : null }
    try {
      const view = await save.mutateAsync(
        draft.id ? { ...body, expectedVersion: draft.version } : { ...body, position: draft.position },
      )
      message.success(t('action.saved'))
      onClose()
      navigate({
        to: '/inbox',
        search: { savedViewId: view.id, sort: view.sort === 'clock' ? undefined : view.sort },
      })
    } catch (error) {
      if (!faultOf(error)) message.error(spell(error))
    }
  }

  return (
    <Drawer
      open
      title={title}
      size={width}
      onClose={onClose}
      maskClosable={false}
      footer={
        <div className={css.foot}>
          {fault ? (
            <p className={css.fault} role="alert">
              {fault}
            </p>
          ) : (
            <Count shown={preview} />
          )}
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={form.submit}>
            {t('action.save')}
          </Button>
        </div>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: draft.name, sort: draft.sort, seenBy: draft.teamId ?? draft.scope }}
        onFinish={submit}
        onFinishFailed={() => setTried(true)}
        className={css.fields}
      >
        <Form.Item
          name="name"
          label={t('views.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input maxLength={80} autoFocus={!draft.id} />
        </Form.Item>
        <Form.Item name="seenBy" label={t('views.seenBy')}>
          <Select options={seenBy} disabled={seenBy.length === 1} />
        </Form.Item>
        <Form.Item name="sort" label={t('inbox.sort')}>
          <Select options={sorts.map(value => ({ value, label: t(`inbox.sortBy.${value}`) }))} />
        </Form.Item>
      </Form>
      {lost.length > 0 && (
        <Alert
          type="warning"
          showIcon
          className={css.note}
          title={
            <>
              {t('views.broken')}
              {lost.map(line => (
                <div key={line}>{line}</div>
              ))}
              {t('views.savingDrops')}
            </>
          }
        />
      )}
      <h3 className={css.head}>{t('views.condition')}</h3>
      <ConditionBuilder tree={tree} fields={fields} faulty={faulty} onChange={change} />
      <Preview shown={preview} isRefused={Boolean(refused)} hasUnfinished={unfinished.length > 0} />
    </Drawer>
  )
}

/** Whose eyes a view may be for: only who manages the inbox makes one for others. */
function useSeenBy(draft: Draft) {
  const { t } = useTranslation()
  const may = useMay()
  const teams = useTeams() ?? []
  const personal = { value: 'personal', label: t('views.scope.personal') }
  const everybody = { value: 'company', label: t('views.scope.company') }
  if (!may('conversations:manage')) return [personal]
  const shared = [
    everybody,
    ...teams.map(({ id, name }) => ({ value: id, label: t('views.scope.team', { name }) })),
  ]
  return draft.id && draft.scope !== 'personal' && !draft.isOwn ? shared : [personal, ...shared]
}

/** A refusal that says which part of the condition it is about. */
function faultOf(error: unknown) {
  if (!(error instanceof Refused) || error.status !== 422) return null
  const { path } = (error.details ?? {}) as { path?: unknown }
  return typeof path === 'string' ? { error, path } : null
}
