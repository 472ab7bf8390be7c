// Before the first paint: the remembered scheme and language, so that nothing flashes.
;(() => {
  const read = (name) => {
    try {
      return localStorage.getItem(name)
    } catch {
      return null
    }
  }
  const saved = read('marquee_scheme')
  const day = saved === 'light' || (saved !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches)
  const { documentElement: html } = document
  html.dataset.mantineColorScheme = day ? 'light' : 'dark'
  const lang = /(?:^|; )marquee_lang=(uk|ru|en)/.exec(document.cookie)
  if (lang) html.lang = lang[1]
})()
