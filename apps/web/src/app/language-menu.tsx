import { useTranslation } from 'react-i18next'

import { switchLanguage } from '#lib/i18n.ts'
import { isLanguage, type Language, LANGUAGES } from '#lib/language.ts'
import { closePopover, Popover } from '#ui/popover.tsx'
import style from './language-menu.module.css'

const NAMES: Record<Language, string> = { uk: 'Українська', ru: 'Русский', en: 'English' }
const SHORT: Record<Language, string> = { uk: 'УКР', ru: 'РУС', en: 'ENG' }

export const LanguageMenu = () => {
  const { t, i18n } = useTranslation()
  const current = isLanguage(i18n.language) ? i18n.language : 'en'
  return (
    <Popover label={t('header.language', { name: NAMES[current] })} className={`icon-button ${style.face}`} face={SHORT[current]}>
      <ul className={style.list}>
        {LANGUAGES.map((language) => (
          <li key={language}>
            <button
              type="button"
              lang={language}
              className={style.choice}
              aria-pressed={language === current}
              onClick={(event) => {
                void switchLanguage(language)
                closePopover(event.currentTarget)
              }}
            >
              {NAMES[language]}
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  )
}
