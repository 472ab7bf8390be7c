import { createClient, type Shape } from '@marquee/contract/client'

/** The one client of this page. Wrap calls in `unwrap`: they answer data or throw an ApiError. */
export const { api, session } = createClient()
export { isApiError, unwrap, type ApiError } from '@marquee/contract/client'
export type { Shape }
