import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { isApiError, type Shape } from '#lib/api.ts'
import { toast } from '#ui/announce.ts'
import { type Profile, profileQuery, putAvatar, removeAvatar } from './profile-api.ts'
import style from './settings.module.css'

const MOST_BYTES = 5_000_000
const TYPES = 'image/jpeg,image/png,image/webp'

const wordFor = (error: unknown) => {
  if (!isApiError(error)) return 'avatar.failed'
  if (error.status === 413) return 'avatar.large'
  return error.status === 415 || error.status === 422 || error.status === 400 ? 'avatar.strange' : 'avatar.failed'
}

const initialsOf = ({ full_name, email }: Shape<'UserResponse'>) =>
  (full_name.trim() === '' ? email : full_name)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toLocaleUpperCase())
    .join('')

/** The picture beside one's name, or its letters. */
export const Avatar = ({ user, profile }: { user: Shape<'UserResponse'>; profile: Profile }) => {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const picker = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<ReturnType<typeof wordFor>>()
  const [busy, setBusy] = useState(false)
  const change = async (work: () => Promise<unknown>, said: 'avatar.saved' | 'avatar.removed') => {
    setBusy(true)
    setWrong(undefined)
    try {
      await work()
      await client.invalidateQueries({ queryKey: profileQuery.queryKey })
      toast(t(said), 'good')
    } catch (error) {
      setWrong(wordFor(error))
    } finally {
      setBusy(false)
    }
  }
  const choose = (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > MOST_BYTES) setWrong('avatar.large')
    else void change(() => putAvatar(file), 'avatar.saved')
  }
  return (
    <section className={style.avatar} aria-label={t('avatar.title')}>
      {profile.avatar_url === null ? (
        <span className={style.face} aria-hidden="true">
          {initialsOf(user)}
        </span>
      ) : (
        <img className={style.face} src={profile.avatar_url} alt={t('avatar.alt')} width={96} height={96} />
      )}
      <div className={style.beside}>
        <div className={style.buttons}>
          <input
            ref={picker}
            type="file"
            accept={TYPES}
            className="unseen"
            tabIndex={-1}
            aria-label={t('avatar.choose')}
            onChange={({ target }) => {
              choose(target.files?.[0])
              target.value = ''
            }}
          />
          <Button variant="default" loading={busy} onClick={() => picker.current?.click()}>
            {t('avatar.choose')}
          </Button>
          {profile.avatar_url !== null && (
            <Button variant="subtle" disabled={busy} onClick={() => void change(removeAvatar, 'avatar.removed')}>
              {t('avatar.remove')}
            </Button>
          )}
        </div>
        <p className={style.soft}>{t('avatar.hint')}</p>
        <div role="alert">{wrong && <p className={style.error}>{t(wrong)}</p>}</div>
      </div>
    </section>
  )
}
