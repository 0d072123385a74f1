// Serves the built site: node --import tsx scripts/serve.js   (environment: PORT, HOST, BASE_PATH)
import { existsSync } from 'node:fs';
import { listen, siteHandler } from './lib/site.js';

if (!existsSync('build/404.html')) {
  console.error('There is no built site yet: run `npm run build` first, or `npm start`, which does both.');
  process.exit(1);
}
const base = process.env.BASE_PATH ?? '';
const host = process.env.HOST ?? '127.0.0.1';
const { port } = await listen(siteHandler({ base }), { port: Number(process.env.PORT ?? 4173), host });
console.log(
  `Patchwork is at http://${host === '127.0.0.1' ? 'localhost' : host}:${port}${base}/  (Ctrl-C ends it)`,
);
