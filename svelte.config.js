import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { mdsvex } from 'mdsvex';
import { gluedPunctuation } from './plugins/glue.js';
import { ownFiles } from './plugins/own-files.js';
import { precompressed } from './plugins/precompress.js';

/** @type {import('@sveltejs/kit').Config} */
export default {
  extensions: ['.svelte', '.md'],
  preprocess: [vitePreprocess(), gluedPunctuation(), mdsvex({ extensions: ['.md'], smartypants: false })],
  kit: {
    adapter: precompressed(ownFiles(adapter({ fallback: '404.html' }))),
    paths: { base: /** @type {'' | `/${string}`} */ (process.env.BASE_PATH ?? ''), relative: true },
    // Nothing leaves the reader's machine: the page may only speak to its own origin, and fetch from Hugging Face, whose
    // files lie on hosts of hf.co, when the reader asks for a model of it (src/lib/own/page/address).
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', 'wasm-unsafe-eval', 'blob:'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'media-src': ['self', 'blob:'],
        'font-src': ['self', 'data:'],
        'worker-src': ['self', 'blob:'],
        // Cells run in a sandboxed frame of this site's own file, static/cells.html, which has a policy of its own.
        'frame-src': ['self'],
        // The Hub of Hugging Face, for a model that the reader asks for; nothing is requested before.
        'connect-src': ['self', 'blob:', 'data:', 'https://huggingface.co', 'https://*.hf.co'],
        'object-src': ['none'],
        'base-uri': ['self'],
      },
    },
    // src/service-worker is registered by the runtime only where a host cannot send the isolation headers.
    serviceWorker: { register: false },
  },
};
