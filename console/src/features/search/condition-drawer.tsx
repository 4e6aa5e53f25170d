import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleGroupType } from 'react-querybuilder'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { type Condition, type ConditionFields, conditionFields } from '../conversations/saved-views/api.ts'
import { ConditionBuilder } from '../conversations/saved-views/condition-builder.tsx'
import { toCondition, toTree } from '../conversations/saved-views/tree.ts'
import css from './condition-drawer.module.css'

type Props = {
  /** In JSON, as the address and the server have it. */
  condition: string | undefined
  onClose: () => void
  onChoose: (condition: string | undefined) => void
}

export function ConditionDrawer(props: Props) {
  const { t } = useTranslation()
  const { data: fields, error, refetch } = useQuery(conditionFields())
  if (fields) return <Chooser {...props} fields={fields} />
  return (
    <Drawer open title={t('search.condition')} size={720} onClose={props.onClose}>
      {error ? <Failure error={error} retry={refetch} /> : <Skeleton />}
    </Drawer>
  )
}

function Chooser({ condition, fields, onClose, onChoose }: Props & { fields: ConditionFields }) {
  const { t } = useTranslation()
  const [tree, setTree] = useState<RuleGroupType>(() => toTree(read(condition), fields))
  const [hasTried, setTried] = useState(false)
  const { condition: chosen, unfinished } = useMemo(() => toCondition(tree, fields), [tree, fields])

  function choose() {
    setTried(true)
    if (unfinished.length > 0) return
    const isNone = 'all' in chosen && chosen.all?.length === 0
    onChoose(isNone ? undefined : JSON.stringify(chosen))
  }

  return (
    <Drawer
      open
      title={t('search.condition')}
      size={720}
      onClose={onClose}
      footer={
        <div className={css.foot}>
          {hasTried && unfinished.length > 0 && (
            <p className={css.fault} role="alert">
              {t('views.unfinished')}
            </p>
          )}
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" onClick={choose}>
            {t('search.apply')}
          </Button>
        </div>
      }
    >
      <p className={css.about}>{t('search.conditionAbout')}</p>
      <ConditionBuilder tree={tree} fields={fields} faulty={hasTried ? unfinished : []} onChange={setTree} />
    </Drawer>
  )
}

/** An address may hold anything; what is no condition begins anew. */
function read(text: string | undefined): Condition {
  try {
    const read: unknown = JSON.parse(text ?? '')
    if (typeof read === 'object' && read !== null) return read as Condition
  } catch {}
  return { all: [] }
}
