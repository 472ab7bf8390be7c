import style from './staff.module.css'

/** Numbers with their names; what is undefined is not spoken of. */
export const Figures = ({ of: figures }: { of: readonly (readonly [name: string, value: string | number | undefined])[] }) => (
  <dl className={style.facts}>
    {figures.map(
      ([name, value]) =>
        value !== undefined && (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="tabular">{value}</dd>
          </div>
        ),
    )}
  </dl>
)
