import { TranslationOutlined } from '@ant-design/icons'
import { App, Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { LanguageSelect } from '../../../ui/choices.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import type { ConversationRow } from '../api.ts'
import { useSetLanguage } from './api.ts'
import type { TwoLanguages } from './two-languages.ts'

type Props = { row: ConversationRow; two: TwoLanguages; onTurn: (isOn: boolean) => void }

/** Which language the customer is answered in, and whether one writes in one’s own. */
export function LanguageChoice({ row, two, onTurn }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const setLanguage = useSetLanguage(row.id)
  return (
    <>
      <Tooltip title={t('translation.customersLanguage')}>
        <LanguageSelect
          size="small"
          variant="borderless"
          popupMatchSelectWidth={180}
          aria-label={t('translation.customersLanguage')}
          placeholder={t('translation.someLanguage')}
          value={two.to ?? undefined}
          loading={setLanguage.isPending}
          onChange={(language: string) =>
            setLanguage.mutate(language, { onError: error => void message.error(spell(error)) })
          }
        />
      </Tooltip>
      {two.isOffered && (
        <Tooltip title={t(two.isOn ? 'translation.oneLanguage' : 'translation.twoLanguages')}>
          <Button
            size="small"
            type={two.isOn ? 'default' : 'text'}
            icon={<TranslationOutlined />}
            aria-pressed={two.isOn}
            aria-label={t('translation.twoLanguages')}
            onClick={() => onTurn(!two.isOn)}
          />
        </Tooltip>
      )}
    </>
  )
}
