import { useEffect, useState } from 'preact/hooks'
import type { Attachment } from '../api/shapes.ts'

type View = typeof import('./attachments.tsx')
let view: View | undefined

/** Files come after the first message, and so does what shows them; until then they have their names. */
export function Attached({ attachments }: { attachments: Attachment[] }) {
  const [shown, show] = useState(view)
  useEffect(() => {
    if (shown) return
    import('./attachments.tsx').then(
      loaded => {
        view = loaded
        show(loaded)
      },
      () => {},
    )
  }, [])
  if (shown) return <shown.Attachments attachments={attachments} />
  return (
    <ul class="attached">
      {attachments.map(({ id, name }) => (
        <li key={id} class="file">
          <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  )
}
