import forms from '#features/account/forms.module.css'

/** Why no card can be shown here. */
export const Closed = ({ why }: { why: string }) => (
  <div className={forms.trouble}>
    <p>{why}</p>
  </div>
)
