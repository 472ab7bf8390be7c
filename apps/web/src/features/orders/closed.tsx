import style from '#features/account/trouble.module.css'

/** Why no card can be shown here. */
export const Closed = ({ why }: { why: string }) => (
  <div className={style.trouble}>
    <p>{why}</p>
  </div>
)
