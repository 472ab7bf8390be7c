import './ui/styles.css'
import { createRoot } from 'react-dom/client'

import { announcePages } from '#app/announce-pages.ts'
import { Providers } from '#app/providers.tsx'
import { router } from '#app/router.tsx'
import { startTexts } from '#lib/i18n.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no #root.')

announcePages(router)
await startTexts()
createRoot(root).render(<Providers />)
