import { fileURLToPath } from 'node:url';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page of the measurements in Chromium: the runtime and the figures without the site around them. */
const config: InlineConfig = {
  root: at('.'),
  configFile: false,
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  resolve: {
    alias: { '$app/paths': at('./kit.ts'), '$app/environment': at('./kit.ts') },
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { target: 'es2022', outDir: at('../../../.cache/bench/page'), emptyOutDir: true },
  logLevel: 'error',
};

export default config;
