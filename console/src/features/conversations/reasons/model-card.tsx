import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../ui/page.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { Time } from '../../../ui/time.tsx'
import { contactReasons, reasonModel, useSpellReason, useTrain } from './api.ts'
import css from './reasons.module.css'

const shownPairs = 8

/** How often suggestions were right where it was tried, and what is mistaken for what. */
export function ModelCard() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { nameOf } = useSpellReason()
  const model = useQuery(reasonModel()).data
  const reasons = useQuery(contactReasons()).data?.items ?? []
  const train = useTrain()
  const named = (code: string | null) => {
    const known = reasons.find(reason => reason.code === code)
    return known ? nameOf(known) : (code ?? t('reason.noGuess'))
  }
  const wrong = model?.confusion.filter(({ actual, predicted }) => actual !== predicted) ?? []
  const percent = (share: number) => Math.round(share * 100)
  return (
    <Card
      title={t('reason.model')}
      extra={
        <Button
          size="small"
          loading={train.isPending}
          onClick={() =>
            train.mutate(undefined, {
              onSuccess: () => void message.success(t('reason.trainingAsked')),
              onError: error => void message.error(spell(error)),
            })
          }
        >
          {t('reason.train')}
        </Button>
      }
    >
      {!model && <p className="quiet small">{t('reason.noModel')}</p>}
      {model && (
        <>
          <p className="strong">
            {t('reason.accuracy', {
              correct: model.accuracy.correct,
              tried: model.accuracy.tried,
              percent: percent(model.accuracy.share),
              low: percent(model.accuracy.low),
              high: percent(model.accuracy.high),
            })}
          </p>
          <p className="quiet small">
            {t(`reason.triedOn.${model.accuracy.triedOn}`)}{' '}
            {t('reason.learnt', { examples: model.examples, own: model.ownExamples })}{' '}
            <Time at={model.trainedAt} />
          </p>
          {wrong.length > 0 && (
            <>
              <p className={css.hint}>{t('reason.mistaken')}</p>
              <ul className={css.pairs}>
                {wrong.slice(0, shownPairs).map(({ actual, predicted, count }) => (
                  <li key={`${actual} ${predicted}`}>
                    <span>{t('reason.pair', { actual: named(actual), predicted: named(predicted) })}</span>
                    <span className={css.code}>{t('reason.times', { count })}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Card>
  )
}
