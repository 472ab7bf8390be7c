import type { VitePWAOptions } from 'vite-plugin-pwa'

const NIGHT = '#14110f'

/** Pages come from the network first, so that nobody sees an old programme; without it the shell opens. The API is never cached here. */
export const installable: Partial<VitePWAOptions> = {
  registerType: 'autoUpdate',
  injectRegister: 'script-defer',
  manifest: {
    name: 'Marquee',
    short_name: 'Marquee',
    description: 'Кіно, в яке хочеться повернутися.',
    lang: 'uk',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: NIGHT,
    theme_color: NIGHT,
    categories: ['entertainment'],
    icons: [
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  workbox: {
    globPatterns: ['shell.html', 'assets/*.{js,css,woff2}', 'boot.js', 'icon.svg'],
    globIgnores: ['**/*latin-ext*'],
    // The server writes the head of each page: its answer is better than the shell, so the shell waits for the network to fail.
    navigateFallback: null,
    runtimeCaching: [
      {
        urlPattern: ({ request }) => request.mode === 'navigate',
        handler: 'NetworkFirst',
        options: {
          cacheName: 'pages',
          networkTimeoutSeconds: 5,
          precacheFallback: { fallbackURL: '/shell.html' },
          expiration: { maxEntries: 1 },
        },
      },
    ],
    cleanupOutdatedCaches: true,
  },
}
