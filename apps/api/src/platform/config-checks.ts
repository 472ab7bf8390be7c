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
export const requireWholeStripe = (config: Variables) => {
  const { STRIPE_SECRET_KEY: secret, STRIPE_PUBLISHABLE_KEY: publishable, STRIPE_WEBHOOK_SECRETS: signing } = config
  if (config.PAYMENT_PROVIDER !== 'stripe') {
    const set = secret
      ? 'STRIPE_SECRET_KEY'
      : publishable
        ? 'STRIPE_PUBLISHABLE_KEY'
        : signing.length > 0 && 'STRIPE_WEBHOOK_SECRETS'
    if (set) throw configError(`${set} is set, but PAYMENT_PROVIDER is not stripe.`)
    return
  }
  if (!secret) throw configError('STRIPE_SECRET_KEY is missing: with PAYMENT_PROVIDER stripe it is needed.')
  if (!publishable) throw configError('STRIPE_PUBLISHABLE_KEY is missing: without it nobody can enter a card.')
  if (signing.length === 0)
    throw configError('STRIPE_WEBHOOK_SECRETS is missing: without the secret of the endpoint nothing Stripe tells is believed.')
  if (secret.split('_')[1] !== publishable.split('_')[1])
    throw configError('STRIPE_PUBLISHABLE_KEY is wrong: one of the two keys is for tests, the other takes real money.')
  if (config.STRIPE_API_URL) url('STRIPE_API_URL', config.STRIPE_API_URL, ['http:', 'https:'])
}
