import './ui/styles.css'
import { createRoot, hydrateRoot } from 'react-dom/client'

import { announcePages } from '#app/announce-pages.ts'
import { Providers } from '#app/providers.tsx'
import { createAppRouter } from '#app/router.tsx'
import { currentLanguage, i18n, startTexts } from '#lib/i18n.ts'
import { chooseLanguage, rememberLanguage } from '#lib/language.ts'
import { theBeginning, wakeUp } from '#lib/preload.ts'
import { createQueryClient } from '#lib/query-client.ts'

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no #root.')

const showLanguage = () => {
  document.documentElement.lang = currentLanguage()
}

const queryClient = createQueryClient()
const router = createAppRouter(queryClient)
const app = <Providers router={router} queryClient={queryClient} />
const { painted } = theBeginning()
const language = chooseLanguage({
  cookie: document.cookie,
  languages: navigator.languages,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

announcePages(router)
await startTexts(language)
i18n.on('languageChanged', showLanguage)
showLanguage()
// What the server painted stays on the screen until all that belongs in its place is here.
if (painted) await router.load()
if (painted?.language === language) {
  router.ssr = { manifest: undefined }
  hydrateRoot(root, app, {
    // Browsers have their own words for dates and money: where one differs from the server, React paints that part anew.
    // oxlint-disable-next-line no-console -- a difference is no fault of the visitor's, but whoever develops should see it
    onRecoverableError: (error) => console.warn(error),
  })
} else {
  // Only the browser knows the visitor's time zone: the next page comes in the right language.
  if (painted) rememberLanguage(language)
  createRoot(root).render(app)
}
wakeUp()
