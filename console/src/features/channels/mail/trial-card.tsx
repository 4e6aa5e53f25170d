import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { Button, Checkbox, type FormInstance } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../ui/page.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { spellNumber } from '../../../ui/spell.ts'
import { useTrial } from './api.ts'
import css from './mail-channel.module.css'
import type { TrialStep, Values } from './settings.ts'

/** Tries what stands in the form, before it is saved, and says of each step what went wrong. */
export function TrialCard({ channelId, form }: { channelId: string; form: FormInstance<Values> }) {
  const { t } = useTranslation()
  const spell = useRefusal()
  const trial = useTrial(channelId)
  const [sendsMail, setSendsMail] = useState(false)
  const steps = trial.data?.steps
  return (
    <Card title={t('mailbox.trial')}>
      <p className="quiet small">{t('mailbox.trialAbout')}</p>
      <p className={css.trial}>
        <Button
          loading={trial.isPending}
          onClick={() => trial.mutate({ values: form.getFieldsValue(true), sendsMail })}
        >
          {t('mailbox.tryIt')}
        </Button>
        <Checkbox checked={sendsMail} onChange={event => setSendsMail(event.target.checked)}>
          {t('mailbox.sendsMail')}
        </Checkbox>
      </p>
      <div role="status">
        {trial.isPending && sendsMail && <p className="quiet small">{t('mailbox.trialWaits')}</p>}
        {trial.error && <p className={css.failure}>{spell(trial.error)}</p>}
        {steps?.length === 0 && <p className="quiet">{t('mailbox.nothingToTry')}</p>}
        {steps && steps.length > 0 && (
          <ol className={css.steps}>
            {steps.map(step => (
              <Step key={step.step} {...step} />
            ))}
          </ol>
        )}
      </div>
    </Card>
  )
}

function Step({ step, ok, code, detail, milliseconds }: TrialStep) {
  const { t, i18n } = useTranslation()
  const isCount = step === 'imap_folder' || step === 'imap_move_folder'
  const told = ok && isCount ? t('mailbox.mailsThere', { count: Number(detail) }) : detail
  return (
    <li>
      {ok ? <CheckCircleFilled className={css.ok} /> : <CloseCircleFilled className={css.wrong} />}
      <div>
        <p className="between">
          <span>{t(`mailbox.step.${step}`)}</span>
          <span className="quiet tiny">
            {t('mailbox.milliseconds', { value: spellNumber(milliseconds, i18n.language) })}
          </span>
        </p>
        {!ok && (
          <p className={css.failure}>
            {t(`mailbox.code.${code as 'failed'}`, { defaultValue: t('mailbox.code.failed') })}
          </p>
        )}
        {told && (
          <p className={`quiet tiny ${ok && isCount ? '' : 'mono'} ${css.detail}`} dir="auto">
            {told}
          </p>
        )}
      </div>
    </li>
  )
}
