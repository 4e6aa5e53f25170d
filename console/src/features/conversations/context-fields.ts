export const tagsField = 'conversation-tags'
export const reasonField = 'conversation-reason'

/** Beside the thread; without that panel there is nothing to go to. */
export const focusField = (id: string) => document.getElementById(id)?.focus()
