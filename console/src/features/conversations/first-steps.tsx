import { ClockCircleOutlined, MessageOutlined, RightOutlined, UserAddOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import css from './first-steps.module.css'

const steps = [
  ['channel', '/settings/channels', MessageOutlined],
  ['colleagues', '/settings/staff', UserAddOutlined],
  ['hours', '/settings/calendars', ClockCircleOutlined],
] as const

/** What to do in a house that no customer can write to yet. */
export function FirstSteps() {
  const { t } = useTranslation()
  return (
    <div className={css.steps}>
      <h2>{t('inbox.first.title')}</h2>
      <ul>
        {steps.map(([step, to, Icon]) => (
          <li key={step}>
            <Link to={to} className={css.step}>
              <Icon className={css.icon} />
              <span>
                <span className="strong">{t(`inbox.first.${step}`)}</span>
                <span className={css.about}>{t(`inbox.first.${step}About`)}</span>
              </span>
              <RightOutlined className="quiet small" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
