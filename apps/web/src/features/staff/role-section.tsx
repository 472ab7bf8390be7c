import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Choice } from '#features/account/fields.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { type AdminUser, setCinemas, setRole } from './api.ts'
import { CinemaChoice } from './cinema-choice.tsx'
import { isRole, type Role, ROLES, worksAtCinemas } from './roles.ts'
import style from './staff.module.css'
import { useChange } from './use-change.ts'

const sameIds = (a: number[], b: number[]) => a.length === b.length && a.every((id) => b.includes(id))

/** What somebody may do and where; it holds from their next request on. */
export const RoleSection = ({ user }: { user: AdminUser }) => {
  const { t } = useTranslation('staff')
  const { busy, change } = useChange(user)
  const before = user.cinema_ids ?? []
  const [role, choose] = useState<Role>(user.role)
  const [cinemas, setChosen] = useState(before)
  const [asking, setAsking] = useState(false)
  const roleChanges = role !== user.role
  const placesChange = worksAtCinemas(role) && !sameIds(cinemas, before)
  const save = async () => {
    await change(async () => {
      if (roleChanges) await setRole(user.id, role)
      if (placesChange) await setCinemas(user.id, cinemas)
    }, t('user.role_saved'))
    setAsking(false)
  }
  const name = user.full_name || user.email
  return (
    <section className={style.section} aria-labelledby="role">
      <h2 id="role">{t('user.role_title')}</h2>
      <Choice
        label={t('user.role')}
        value={role}
        options={ROLES.map((one) => [one, t(`roles.${one}`)])}
        onChange={(value) => isRole(value) && choose(value)}
      />
      <p className={style.soft}>{t(`abilities.${role}`)}</p>
      {worksAtCinemas(role) && <CinemaChoice chosen={cinemas} onChange={setChosen} />}
      <Button
        disabled={!roleChanges && !placesChange}
        loading={busy}
        onClick={() => (roleChanges ? setAsking(true) : void save())}
      >
        {t('user.save')}
      </Button>
      <Dialog title={t('user.role_sure')} open={asking} onClose={() => setAsking(false)}>
        <div className={style.form}>
          <p>{t('user.role_text', { name, before: t(`roles.${user.role}`), after: t(`roles.${role}`) })}</p>
          <p className={style.soft}>{t('user.role_at_once')}</p>
          <Button color="danger" loading={busy} onClick={() => void save()}>
            {t('user.role_confirm')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}
