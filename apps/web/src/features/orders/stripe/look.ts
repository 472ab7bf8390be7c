import type { Appearance } from '@stripe/stripe-js'

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Our tokens, as Stripe's form wants to be told of them: it stands in a frame that our styles do not reach. */
export const stripeLook = (): Appearance => ({
  theme: 'flat',
  variables: {
    colorPrimary: token('--accent'),
    colorBackground: token('--ground-raised'),
    colorText: token('--ink'),
    colorTextSecondary: token('--ink-soft'),
    colorTextPlaceholder: token('--ink-soft'),
    colorDanger: token('--danger-text'),
    iconColor: token('--ink-soft'),
    accessibleColorOnColorPrimary: token('--on-accent'),
    borderRadius: token('--radius'),
    fontFamily: 'Manrope, system-ui, sans-serif',
    fontSizeBase: '16px',
    spacingUnit: '4px',
  },
  rules: {
    '.Input, .Tab, .Block': { border: `1px solid ${token('--line-strong')}`, boxShadow: 'none' },
    '.Tab--selected': { borderColor: token('--accent'), backgroundColor: token('--accent-wash'), color: token('--ink') },
    '.Input:focus, .Tab:focus': { outline: `3px solid ${token('--focus')}`, boxShadow: 'none' },
  },
})

/** Calls back whenever day becomes night, until the returned function is called. */
export const watchScheme = (onChange: () => void) => {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
  return () => observer.disconnect()
}
