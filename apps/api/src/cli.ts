import { enableCompileCache } from 'node:module'

// As in main.ts: the next command starts twice as fast.
enableCompileCache()
await import('./commands.ts')
