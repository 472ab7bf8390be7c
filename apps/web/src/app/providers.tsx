import { MantineProvider } from '@mantine/core'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { I18nextProvider } from 'react-i18next'

import { i18n } from '#lib/i18n.ts'
import { schemeManager } from '#lib/scheme.ts'
import { theme } from '#ui/theme.ts'
import type { AppRouter } from './router.tsx'

export const Providers = ({ router, queryClient }: { router: AppRouter; queryClient: QueryClient }) => (
  <I18nextProvider i18n={i18n}>
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={schemeManager}
        withCssVariables={false}
        withGlobalClasses={false}
        withStaticClasses={false}
      >
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  </I18nextProvider>
)
