import { useState } from 'react'
import { uploadFile } from '../../api/client.ts'
import { newId } from '../../api/id.ts'
import type { Attachment } from './api.ts'

export type Upload = { key: string; name: string; error?: unknown }

/** Files on their way up; each becomes an attachment of the draft when it has arrived. */
export function useFiles(onArrived: (attachments: Attachment[]) => void) {
  const [uploads, setUploads] = useState<Upload[]>([])
  const dismiss = (key: string) => setUploads(now => now.filter(upload => upload.key !== key))

  function add(files: File[]) {
    for (const file of files) {
      const key = newId()
      setUploads(now => [...now, { key, name: file.name }])
      uploadFile(file).then(
        attachment => {
          onArrived([attachment])
          dismiss(key)
        },
        error => setUploads(now => now.map(upload => (upload.key === key ? { ...upload, error } : upload))),
      )
    }
  }

  function paste(event: React.ClipboardEvent) {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    add(files)
  }

  function drop(event: React.DragEvent) {
    event.preventDefault()
    add([...event.dataTransfer.files])
  }

  return { uploads, dismiss, add, paste, drop, isBusy: uploads.some(({ error }) => error === undefined) }
}
