import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import type { Shape } from '#lib/api.ts'
import { isLanguage, LANGUAGES, type Language } from '#lib/language.ts'
import { toast } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import style from './account.module.css'
import { saveProfile } from './api.ts'
import forms from './forms.module.css'
import { signOut, useUser } from './session.ts'

const NAMES: Record<Language, string> = { uk: 'Українська', ru: 'Русский', en: 'English' }

const Form = ({ user }: { user: Shape<'UserResponse'> }) => {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const client = useQueryClient()
  const [name, setName] = useState(user.full_name)
  const [locale, setLocale] = useState<Language>(user.locale)
  const [busy, setBusy] = useState(false)
  const save = async (event: { preventDefault: () => void }) => {
    event.preventDefault()
    setBusy(true)
    try {
      await saveProfile({ full_name: name.trim(), locale })
      toast(t('profile.saved'), 'good')
    } catch {
      toast(t('up.field_wrong'), 'bad')
    } finally {
      setBusy(false)
    }
  }
  const leave = async () => {
    await signOut(client).catch(() => undefined)
    forgetTickets()
    await navigate({ to: '/' })
  }
  return (
    <form className={forms.form} onSubmit={(event) => void save(event)}>
      <Field
        label={t('profile.name')}
        name="name"
        autoComplete="name"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <label className={style.select}>
        <span>{t('profile.language')}</span>
        <select value={locale} onChange={({ target }) => isLanguage(target.value) && setLocale(target.value)}>
          {LANGUAGES.map((language) => (
            <option key={language} value={language} lang={language}>
              {NAMES[language]}
            </option>
          ))}
        </select>
      </label>
      <div className={style.buttons}>
        <Button type="submit" loading={busy}>
          {t('profile.save')}
        </Button>
        <Button variant="default" onClick={() => void leave()}>
          {t('profile.out')}
        </Button>
      </div>
    </form>
  )
}

export const Profile = () => {
  const { t } = useTranslation('account')
  const user = useUser()
  return (
    <section className={style.profile} aria-labelledby="profile">
      <h2 id="profile">{t('profile.title')}</h2>
      {user ? (
        <>
          <p className={style.soft}>{user.email}</p>
          <Form key={user.id} user={user} />
        </>
      ) : (
        <>
          <p className={style.soft}>{t('profile.guest')}</p>
          <div className={style.buttons}>
            <Link to="/account/sign-in" className={style.way}>
              {t('in.title')}
            </Link>
            <Link to="/account/sign-up" className={style.way}>
              {t('up.title')}
            </Link>
          </div>
        </>
      )}
    </section>
  )
}
