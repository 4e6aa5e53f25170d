import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './once.module.css'

/** What is shown this once and never again, with the button everybody looks for. */
export function Once({ secret, about }: { secret: string; about: string }) {
  return (
    <>
      <p>{about}</p>
      <Copyable text={secret} />
    </>
  )
}

export function Copyable({ text, lines = false }: { text: string; lines?: boolean }) {
  const { t } = useTranslation()
  const code = useRef<HTMLElement>(null)
  const [isCopied, setCopied] = useState(false)
  async function copy() {
    // Over plain HTTP, as in a company's own network, only the old way works.
    if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else {
      window.getSelection()?.selectAllChildren(code.current!)
      document.execCommand('copy')
    }
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <div className={css.box}>
      <code ref={code} className={lines ? css.lines : css.line}>
        {text}
      </code>
      <Button icon={isCopied ? <CheckOutlined /> : <CopyOutlined />} onClick={copy}>
        {t(isCopied ? 'action.copied' : 'action.copy')}
      </Button>
    </div>
  )
}
