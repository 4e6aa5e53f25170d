import { Select, Tag } from 'antd'
import css from './mail-fields.module.css'
import { onceEach, readCorrespondent } from './recipients.ts'

type Props = { label: string; value: string[]; onChange: (typed: string[]) => void; isReadOnly: boolean }

/** Correspondents as tags: typed or pasted, with what is no address marked as such. */
export function PeopleField({ label, value, onChange, isReadOnly }: Props) {
  return (
    <label className={css.people}>
      <span>{label}</span>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        variant="borderless"
        size="small"
        disabled={isReadOnly}
        aria-label={label}
        tokenSeparators={[',', ';', '\n', '，', '；', '、']}
        value={value}
        onChange={(typed: string[]) => onChange(onceEach(typed))}
        onBlur={event => {
          const typed = (event.target as HTMLInputElement).value?.trim()
          if (typed) onChange(onceEach([...value, typed]))
        }}
        tagRender={({ value: typed, closable, onClose }) => {
          const read = readCorrespondent(String(typed))
          return (
            <Tag
              className={read ? css.person : css.wrong}
              closable={closable}
              onClose={onClose}
              title={read?.address ?? String(typed)}
            >
              <bdi>{read?.name || read?.address || String(typed)}</bdi>
            </Tag>
          )
        }}
      />
    </label>
  )
}
