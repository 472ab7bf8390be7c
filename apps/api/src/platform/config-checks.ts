import type { Variables } from './config.ts'

/** Thrown at start with a sentence for the operator; never reaches a client. */
export const configError = (sentence: string) => Object.assign(new Error(sentence), { name: 'ConfigError' })

/** Refuses what is no address of one of these protocols. */
export const url = (name: string, value: string, protocols: string[]) => {
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol))
    throw configError(`${name} is wrong: it must be a URL that starts with ${protocols.join('// or ')}//.`)
}

/** The first tier is everybody's, and each next one takes more. */
export const requireTiers = ({ LOYALTY_TIERS }: Variables) => {
  const spent = LOYALTY_TIERS.map((tier) => Number(tier.split(':')[1]))
  if (spent[0] !== 0 || spent.some((from, place) => place > 0 && from <= (spent[place - 1] ?? 0)))
    throw configError('LOYALTY_TIERS is wrong: the first begins at 0 and each next one takes more.')
}

/** All of it or nothing: money must not go to a provider that nobody meant. */
export const requireWholeStripe = ({ PAYMENT_PROVIDER, STRIPE_WEBHOOK_SECRETS, ...keys }: Variables) => {
  const { STRIPE_SECRET_KEY = '', STRIPE_PUBLISHABLE_KEY = '' } = keys
  const parts = { STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_WEBHOOK_SECRETS: STRIPE_WEBHOOK_SECRETS.join() }
  const isWanted = PAYMENT_PROVIDER === 'stripe'
  for (const [name, value] of Object.entries(parts)) {
    if (isWanted && value === '') throw configError(`${name} is missing: with PAYMENT_PROVIDER stripe all its keys are needed.`)
    if (!isWanted && value !== '') throw configError(`${name} is set, but PAYMENT_PROVIDER is not stripe.`)
  }
  if (STRIPE_SECRET_KEY.split('_')[1] !== STRIPE_PUBLISHABLE_KEY.split('_')[1])
    throw configError('STRIPE_PUBLISHABLE_KEY is wrong: one of the two keys is for tests, the other takes real money.')
}
