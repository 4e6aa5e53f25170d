import { ExperimentOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { LanguageSelect } from '../../ui/choices.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { RemoveButton } from '../../ui/remove-button.tsx'
import {
  type NewProvider,
  type Provider,
  useChangePrice,
  useChangeProvider,
  useCreateProvider,
  useRemoveProvider,
  useTryProvider,
} from './api.ts'
import { microsOf, spellMicros, unitsOf } from './money.ts'
import css from './translation.module.css'

const kinds = ['openai', 'deepl', 'google'] as const
/** Where each is found usually; a model has no usual place. */
const usualAddress = {
  openai: 'https://api.openai.com/v1',
  deepl: 'https://api.deepl.com',
  google: 'https://translation.googleapis.com',
}

type Values = {
  kind: NewProvider['kind']
  name: string
  baseUrl: string
  model?: string
  key?: string
  position: number
  isActive: boolean
  fromLanguages: string[]
  toLanguages: string[]
  atOnce: number
  characters?: number
  inputTokens?: number
  outputTokens?: number
  source: string
}

type Props = { provider: Provider | undefined; currency: string; position: number; onClose: () => void }

export function ProviderForm({ provider, currency, position, onClose }: Props) {
  const { t } = useTranslation()
  const create = useCreateProvider()
  const change = useChangeProvider(provider?.id ?? '')
  const changePrice = useChangePrice(provider?.id ?? '')
  const remove = useRemoveProvider()
  const [form] = Form.useForm<Values>()
  const required = [{ required: true, message: t('form.required') }]

  async function save(values: Values) {
    const { kind, model, key, characters, inputTokens, outputTokens, source, ...rest } = values
    const price = {
      perMillionCharacters: microsOf(characters),
      perMillionInputTokens: microsOf(inputTokens),
      perMillionOutputTokens: microsOf(outputTokens),
      source,
    }
    const common = { ...rest, model: model?.trim() || null }
    if (!provider) return create.mutateAsync({ ...common, kind, key: key || null, price })
    await change.mutateAsync({ ...common, ...(key && { key }) })
    return isSame(provider.price, price) ? provider : changePrice.mutateAsync(price)
  }

  return (
    <RecordDrawer<Values>
      form={form}
      title={provider?.name ?? t('translation.newProvider')}
      open
      onClose={onClose}
      initial={initialOf(provider, position)}
      save={save}
      extra={
        provider && (
          <RemoveButton
            ask={t('translation.removeAsk', { name: provider.name })}
            id={provider.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      {provider && <TrialRow provider={provider} currency={currency} />}
      <Form.Item name="kind" label={t('translation.kind')} rules={required}>
        <Select
          disabled={provider !== undefined}
          options={kinds.map(value => ({ value, label: t(`translation.kindOf.${value}`) }))}
          onChange={(kind: NewProvider['kind']) => form.setFieldValue('baseUrl', usualAddress[kind])}
        />
      </Form.Item>
      <Form.Item name="name" label={t('translation.name')} rules={required}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item
        name="baseUrl"
        label={t('translation.baseUrl')}
        extra={t('translation.baseUrlHint')}
        rules={required}
      >
        <Input maxLength={500} spellCheck={false} />
      </Form.Item>
      <Form.Item noStyle dependencies={['kind']}>
        {({ getFieldValue }) =>
          getFieldValue('kind') === 'openai' && (
            <Form.Item name="model" label={t('translation.model')} rules={required}>
              <Input maxLength={200} spellCheck={false} />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item name="key" label={t('translation.key')}>
        <Input.Password
          autoComplete="new-password"
          maxLength={1_000}
          placeholder={provider?.hasKey ? t('translation.keyKept') : undefined}
        />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="fromLanguages" label={t('translation.fromLanguages')}>
          <LanguageSelect multiple placeholder={t('translation.anyLanguage')} />
        </Form.Item>
        <Form.Item name="toLanguages" label={t('translation.toLanguages')}>
          <LanguageSelect multiple placeholder={t('translation.anyLanguage')} />
        </Form.Item>
      </div>
      <fieldset className={css.part}>
        <legend>{t('translation.price')}</legend>
        <p className={css.about}>{t('translation.priceHint', { currency })}</p>
        <Form.Item noStyle dependencies={['kind']}>
          {({ getFieldValue }) =>
            getFieldValue('kind') === 'openai' ? (
              <div className={css.pair}>
                <Form.Item name="inputTokens" label={t('translation.inputTokens')} rules={required}>
                  <InputNumber min={0} max={100_000} className={css.number} />
                </Form.Item>
                <Form.Item name="outputTokens" label={t('translation.outputTokens')} rules={required}>
                  <InputNumber min={0} max={100_000} className={css.number} />
                </Form.Item>
              </div>
            ) : (
              <Form.Item name="characters" label={t('translation.characters')} rules={required}>
                <InputNumber min={0} max={100_000} className={css.number} />
              </Form.Item>
            )
          }
        </Form.Item>
        <Form.Item name="source" label={t('translation.source')} rules={required}>
          <Input maxLength={500} placeholder={t('translation.sourcePlaceholder')} />
        </Form.Item>
      </fieldset>
      <div className={css.pair}>
        <Form.Item name="position" label={t('translation.position')} rules={required}>
          <InputNumber min={0} max={1_000} className={css.number} />
        </Form.Item>
        <Form.Item name="atOnce" label={t('translation.atOnce')} rules={required}>
          <InputNumber min={1} max={32} className={css.number} />
        </Form.Item>
      </div>
      <Form.Item name="isActive" label={t('translation.isActive')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  )
}

function TrialRow({ provider, currency }: { provider: Provider; currency: string }) {
  const { t, i18n } = useTranslation()
  const spell = useRefusal()
  const trial = useTryProvider()
  const to = provider.toLanguages[0] ?? 'de'
  const result = trial.data
  return (
    <div className={css.trial}>
      <Button
        icon={<ExperimentOutlined />}
        loading={trial.isPending}
        onClick={() => trial.mutate({ id: provider.id, to })}
      >
        {t('translation.trial')}
      </Button>
      {trial.error && <Alert type="error" showIcon title={spell(trial.error)} />}
      {result && (
        <Alert
          type={result.ok ? 'success' : 'error'}
          showIcon
          title={
            result.ok
              ? t('translation.trialWorked', {
                  text: result.text ?? '',
                  milliseconds: result.milliseconds,
                  cost: spellMicros(result.micros, currency, i18n.language),
                })
              : t('translation.trialFailed', {
                  why: t(`translation.failure.${(result.reason ?? 'failed') as 'failed'}`),
                })
          }
        />
      )}
    </div>
  )
}

const initialOf = (provider: Provider | undefined, position: number) =>
  provider
    ? {
        ...provider,
        model: provider.model ?? undefined,
        characters: unitsOf(provider.price.perMillionCharacters),
        inputTokens: unitsOf(provider.price.perMillionInputTokens),
        outputTokens: unitsOf(provider.price.perMillionOutputTokens),
        source: provider.price.source,
      }
    : {
        ...{ kind: 'deepl' as const, name: 'DeepL', baseUrl: usualAddress.deepl, position, isActive: true },
        ...{ fromLanguages: [], toLanguages: [], atOnce: 4 },
      }

const isSame = (price: Provider['price'], next: Omit<Provider['price'], 'effectiveFrom'>) =>
  (['perMillionCharacters', 'perMillionInputTokens', 'perMillionOutputTokens', 'source'] as const).every(
    field => price[field] === next[field],
  )
