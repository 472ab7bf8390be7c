import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { forgetTickets } from '#features/orders/kept-tickets.ts'
import { isApiError, type Shape } from '#lib/api.ts'
import { isLanguage, LANGUAGES, type Language } from '#lib/language.ts'
import { toast } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import style from './account.module.css'
import { saveProfile } from './api.ts'
import forms from './forms.module.css'
import { signOut, useUser } from './session.ts'

const NAMES: Record<Language, string> = { uk: 'Українська', ru: 'Русский', en: 'English' }

const words = { full_name: 'profile.name_wrong', phone: 'profile.phone_wrong' } as const
type Wrong = { [name in keyof typeof words]?: (typeof words)[name] } & { whole?: 'profile.offline' | 'profile.failed' }

/** What the server says stands beside the field that it says it of; anything else beside the button. */
const wrongOf = (error: unknown): Wrong => {
  if (!isApiError(error)) return { whole: 'profile.failed' }
  const named = error.errors.map(({ pointer }) => pointer.slice(1))
  const wrong: Wrong = {
    ...(named.includes('full_name') && { full_name: words.full_name }),
    ...(named.includes('phone') && { phone: words.phone }),
  }
  if (Object.keys(wrong).length > 0) return wrong
  return { whole: error.status === 0 ? 'profile.offline' : 'profile.failed' }
}

const Form = ({ user }: { user: Shape<'UserResponse'> }) => {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const client = useQueryClient()
  const [name, setName] = useState(user.full_name)
  const [phone, setPhone] = useState(user.phone ?? '')
  const [locale, setLocale] = useState<Language>(user.locale)
  const [wrong, setWrong] = useState<Wrong>({})
  const [busy, setBusy] = useState(false)
  const save = async (event: { preventDefault: () => void }) => {
    event.preventDefault()
    setBusy(true)
    try {
      await saveProfile({ full_name: name.trim(), phone: phone.trim() || null, locale })
      setWrong({})
      toast(t('profile.saved'), 'good')
    } catch (error) {
      setWrong(wrongOf(error))
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
    <form className={forms.form} onSubmit={(event) => void save(event)} noValidate>
      <Field
        label={t('profile.name')}
        name="name"
        autoComplete="name"
        value={name}
        error={wrong.full_name && t(wrong.full_name)}
        onChange={({ target }) => setName(target.value)}
      />
      <Field
        label={t('profile.phone')}
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        value={phone}
        error={wrong.phone && t(wrong.phone)}
        onChange={({ target }) => setPhone(target.value)}
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
      <div role="alert" className={style.trouble}>
        {wrong.whole && <p>{t(wrong.whole)}</p>}
      </div>
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
