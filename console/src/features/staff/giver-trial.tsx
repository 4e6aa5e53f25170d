import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { GiverTrial } from './api.ts'
import css from './giver.module.css'

const icons = { fine: CheckCircleFilled, doubtful: ExclamationCircleFilled, failed: CloseCircleFilled }

/** What a trial looked at, in order, and what it found, in words; below them the provider's own. */
export function GiverTrialSteps({ trial: { ok, steps } }: { trial: GiverTrial }) {
  const { t } = useTranslation()
  return (
    <>
      <Alert
        className={ok ? css.tried : undefined}
        showIcon
        type={ok ? 'success' : 'error'}
        title={t(ok ? 'giver.fine' : 'giver.notFine')}
      />
      <ul className={css.steps}>
        {steps.map(({ step, state, code, detail }) => {
          const Icon = icons[state]
          const count = code === 'keys_found' ? Number(detail) : 0
          return (
            <li key={step}>
              <Icon className={css[state]} />
              <div>
                <span className="strong">{t(`giver.step.${step}`)}</span>{' '}
                {t(`giver.found.${code as 'described'}`, { count, defaultValue: code })}
                {detail && code !== 'keys_found' && <span className={css.detail}>{detail}</span>}
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}
