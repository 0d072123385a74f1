import { existsSync } from 'node:fs';
import type { Plugin } from 'vite';
import { siteHandler } from '../scripts/lib/site.js';

/** Lets `vite preview` answer as `npm start` does: from `build/`, with the same headers and the compressed files. */
export function builtSite(): Plugin {
  return {
    name: 'patchwork:built-site',
    configurePreviewServer(server) {
      if (!existsSync('build/404.html'))
        throw new Error('There is no built site yet: run `npm run build` first.');
      server.middlewares.use(siteHandler({ base: process.env.BASE_PATH ?? '' }));
    },
  };
}
