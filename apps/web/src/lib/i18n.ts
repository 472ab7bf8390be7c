import { createInstance, type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

import { isLanguage, rememberLanguage, type Language } from './language.ts'

type Texts = { default: Record<string, unknown> }

const files = import.meta.glob<Texts>('../locales/*/*.json')

const read = async (language: string, namespace: string) => {
  const load = files[`../locales/${language}/${namespace}.json`]
  if (load === undefined) throw new Error(`There are no texts ${language}/${namespace}.`)
  return (await load()).default
}

const backend: BackendModule = {
  type: 'backend',
  callbackApi: true,
  init: () => undefined,
  read: (language, namespace, done) => {
    read(language, namespace).then(
      (texts) => done(null, texts),
      (error: unknown) => done(error as Error, null),
    )
  },
}

export const i18n = createInstance()

export const currentLanguage = (): Language => (isLanguage(i18n.language) ? i18n.language : 'en')

/** Each route names the texts it needs, so that the first one loads no more than its own. */
export const loadTexts = (...namespaces: string[]) => i18n.loadNamespaces(namespaces)

export const startTexts = async (lng: Language) => {
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({ lng, fallbackLng: false, ns: ['common'], defaultNS: 'common', interpolation: { escapeValue: false } })
}

/** The page stays; only its words change. */
export const switchLanguage = async (language: Language) => {
  rememberLanguage(language)
  await i18n.changeLanguage(language)
}
