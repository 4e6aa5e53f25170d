import { createContext, useContext } from 'react'

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zone on whose clock everything on the screen is written; the browser's where nobody has signed in. */
export const ReaderZone = createContext(browserZone())

export const useReaderZone = () => useContext(ReaderZone)
