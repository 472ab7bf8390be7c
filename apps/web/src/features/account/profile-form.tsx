import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError, type Shape } from '#lib/api.ts'
import { isLanguage, LANGUAGES, type Language } from '#lib/language.ts'
import { toast } from '#ui/announce.ts'
import { Field } from '#ui/field.tsx'
import { Form } from '#ui/form.tsx'
import { Choice, LongField } from './fields.tsx'
import { type Gender, GENDERS, type Profile, profileQuery, saveProfile, saveUser } from './profile-api.ts'
import style from './settings.module.css'
import { Trouble } from './trouble.tsx'

const NAMES: Record<Language, string> = { uk: 'Українська', ru: 'Русский', en: 'English' }

const WORDS = {
  full_name: 'profile.name_wrong',
  phone: 'profile.phone_wrong',
  bio: 'profile.bio_wrong',
  date_of_birth: 'profile.birth_wrong',
} as const
type Named = keyof typeof WORDS
type Wrong = { [name in Named]?: (typeof WORDS)[name] } & { whole?: 'profile.offline' | 'profile.failed' | 'profile.read_only' }

const wholeOf = (error: unknown): Wrong => {
  if (!isApiError(error)) return { whole: 'profile.failed' }
  if (error.code === 'auth.read_only') return { whole: 'profile.read_only' }
  return { whole: error.status === 0 ? 'profile.offline' : 'profile.failed' }
}

/** What the server says stands beside the field that it says it of; anything else beside the button. */
const wrongOf = (error: unknown): Wrong => {
  if (!isApiError(error)) return wholeOf(error)
  const named = new Set(error.errors.map(({ pointer }) => pointer.slice(1)))
  const wrong = Object.fromEntries(Object.entries(WORDS).filter(([name]) => named.has(name)))
  return Object.keys(wrong).length > 0 ? wrong : wholeOf(error)
}

const startOf = (user: Shape<'UserResponse'>, { bio, gender, date_of_birth }: Profile) => ({
  full_name: user.full_name,
  phone: user.phone ?? '',
  locale: user.locale,
  bio: bio ?? '',
  gender: gender ?? ('' as const),
  date_of_birth: date_of_birth ?? '',
})
type Values = Omit<ReturnType<typeof startOf>, 'gender'> & { gender: Gender | '' }

const useSave = (values: Values) => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const [wrong, setWrong] = useState<Wrong>({})
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await saveUser({ full_name: values.full_name.trim(), phone: values.phone.trim() || null, locale: values.locale })
      const profile = await saveProfile({
        bio: values.bio.trim() || null,
        gender: values.gender || null,
        date_of_birth: values.date_of_birth || null,
      })
      client.setQueryData(profileQuery.queryKey, profile)
      setWrong({})
      toast(t('profile.saved'), 'good')
    } catch (error) {
      setWrong(wrongOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { wrong, busy, save }
}

type PartProps = { values: Values; wrong: Wrong; put: (part: Partial<Values>) => void }

const Contact = ({ values, wrong, put }: PartProps) => {
  const { t } = useTranslation('settings')
  return (
    <>
      <Field
        label={t('profile.name')}
        name="name"
        autoComplete="name"
        value={values.full_name}
        error={wrong.full_name && t(wrong.full_name)}
        onChange={({ target }) => put({ full_name: target.value })}
      />
      <Field
        label={t('profile.phone')}
        name="phone"
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        value={values.phone}
        error={wrong.phone && t(wrong.phone)}
        onChange={({ target }) => put({ phone: target.value })}
      />
      <Choice
        label={t('profile.language')}
        value={values.locale}
        options={LANGUAGES.map((language) => [language, NAMES[language]])}
        onChange={(value) => isLanguage(value) && put({ locale: value })}
      />
    </>
  )
}

const About = ({ values, wrong, put }: PartProps) => {
  const { t } = useTranslation('settings')
  return (
    <>
      <Field
        label={t('profile.birth')}
        name="bday"
        type="date"
        autoComplete="bday"
        min="1900-01-01"
        hint={t('profile.birth_hint')}
        value={values.date_of_birth}
        error={wrong.date_of_birth && t(wrong.date_of_birth)}
        onChange={({ target }) => put({ date_of_birth: target.value })}
      />
      <Choice
        label={t('profile.gender')}
        value={values.gender}
        options={[
          ['', t('profile.genders.none')],
          ...GENDERS.map((name): [string, string] => [name, t(`profile.genders.${name}`)]),
        ]}
        onChange={(value) => put({ gender: GENDERS.find((name) => name === value) ?? '' })}
      />
      <LongField
        label={t('profile.bio')}
        hint={t('profile.bio_hint')}
        error={wrong.bio && t(wrong.bio)}
        value={values.bio}
        onChange={(bio) => put({ bio })}
      />
    </>
  )
}

export const ProfileForm = ({ user, profile }: { user: Shape<'UserResponse'>; profile: Profile }) => {
  const { t } = useTranslation('settings')
  const [values, setValues] = useState<Values>(() => startOf(user, profile))
  const { wrong, busy, save } = useSave(values)
  const part = { values, wrong, put: (changed: Partial<Values>) => setValues((now) => ({ ...now, ...changed })) }
  return (
    <Form className={style.form} onSubmit={save}>
      <Contact {...part} />
      <About {...part} />
      <Trouble>{wrong.whole && t(wrong.whole)}</Trouble>
      <Button type="submit" size="md" loading={busy} className={style.start ?? ''}>
        {t('profile.save')}
      </Button>
    </Form>
  )
}
