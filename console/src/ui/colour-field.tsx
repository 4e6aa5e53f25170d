import { Button, ColorPicker } from 'antd'
import { useTranslation } from 'react-i18next'

type Props = {
  value?: string | null
  onChange?: (colour: string | null) => void
  fallback?: string
  id?: string
}

/** A colour as `#RRGGBB`; with a `fallback` it may be left open, and shows what stands instead. */
export function ColourField({ value, onChange, fallback, id }: Props) {
  const { t } = useTranslation()
  return (
    <span className="row" id={id}>
      <ColorPicker
        showText
        disabledAlpha
        format="hex"
        value={value ?? fallback}
        onChangeComplete={colour => onChange?.(colour.toHexString().slice(0, 7))}
      />
      {fallback && value && (
        <Button size="small" type="link" onClick={() => onChange?.(null)}>
          {t('action.reset')}
        </Button>
      )}
    </span>
  )
}
