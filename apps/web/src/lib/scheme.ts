import { localStorageColorSchemeManager } from '@mantine/core'

/** Remembered under the name that public/boot.js reads before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: 'marquee_scheme' })
