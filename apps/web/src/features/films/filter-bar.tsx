import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { capitalized, languageName } from '#lib/format.ts'
import { useLanguage } from '#lib/use-language.ts'
import style from './filter-bar.module.css'
import { type Choices, type Filters, hasFilters } from './filters.ts'
import { useGenreName } from './use-genre-name.ts'

type Option = { value: string; label: string }
type Field = 'format' | 'language' | 'age' | 'genre'

type PillProps = { label: string; all: string; value: string; options: Option[]; onChange: (value: string) => void }

const Pill = ({ label, all, value, options, onChange }: PillProps) => (
  <label className={style.pill} data-set={value !== ''}>
    <span className="unseen">{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{all}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  </label>
)

/** A link may ask for what this day does not offer; it is shown all the same, so that one can take it back. */
const withChosen = <T,>(offered: T[], chosen: T | undefined): T[] =>
  chosen === undefined || offered.includes(chosen) ? offered : [...offered, chosen]

/** What to see, how and for whom; every choice is in the address, so it can be shared and gone back from. */
export const FilterBar = ({ filters, choices }: { filters: Filters; choices: Choices }) => {
  const { t } = useTranslation('films')
  const language = useLanguage()
  const genreName = useGenreName()
  const navigate = useNavigate()
  const set = (change: Partial<Record<Field, string | undefined>>) =>
    void navigate({ to: '.', search: (search) => ({ ...search, ...change }) as Filters, resetScroll: false })
  const options: Record<Field, Option[]> = {
    format: withChosen(choices.formats, filters.format).map((format) => ({ value: format, label: t(`format.${format}`) })),
    language: withChosen(choices.languages, filters.language).map((code) => ({
      value: code,
      label: capitalized(languageName(language, code)),
    })),
    age: withChosen(choices.ages, filters.age).map((age) => ({ value: String(age), label: t('filter.up_to', { age }) })),
    genre: withChosen(
      choices.genres.map(({ slug }) => slug),
      filters.genre,
    ).map((slug) => ({
      value: slug,
      label: capitalized(genreName(choices.genres.find((genre) => genre.slug === slug) ?? { slug, name: slug })),
    })),
  }
  const fields = (['genre', 'format', 'language', 'age'] as const).filter(
    (field) => options[field].length > 1 || filters[field] !== undefined,
  )
  return (
    <div className={style.bar} role="group" aria-label={t('filter.title')}>
      {fields.map((field) => (
        <Pill
          key={field}
          label={t(`filter.${field}`)}
          all={t(`filter.all_${field}`)}
          value={String(filters[field] ?? '')}
          options={options[field]}
          onChange={(value) => set({ [field]: value === '' ? undefined : value })}
        />
      ))}
      {hasFilters(filters) && (
        <button
          type="button"
          className={style.reset}
          onClick={() => set({ format: undefined, language: undefined, age: undefined, genre: undefined })}
        >
          {t('filter.reset')}
        </button>
      )}
    </div>
  )
}
