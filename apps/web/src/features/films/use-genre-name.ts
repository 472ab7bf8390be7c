import { useTranslation } from 'react-i18next'

/** Genres are few and known by their slug; one that is new keeps the name the cinema gave it. */
export const useGenreName = () => {
  const { t } = useTranslation('films')
  return ({ slug, name }: { slug: string; name: string }): string =>
    (t as (key: string, options: { defaultValue: string }) => string)(`genre.${slug}`, { defaultValue: name })
}
