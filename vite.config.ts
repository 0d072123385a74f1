import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { proseApart } from './plugins/apart.ts';
import { bundled } from './plugins/bundled.ts';
import { fewerChunks } from './plugins/chunks.ts';
import { handlerMarks } from './plugins/handlers.ts';
import { jsonParts } from './plugins/json-parts.ts';
import { katexFaces } from './plugins/katex-faces.js';
import { members } from './plugins/members.ts';
import { builtSite } from './plugins/preview.ts';
import { isolationHeaders, modelFiles } from './plugins/site.ts';
import { testFiles } from './plugins/test-files.ts';
import { citedWorks } from './plugins/works.ts';

/**
 * Test files share what they import, file after file (half of their time would go into importing it anew). What replaces
 * modules or globals of its process has one of its own.
 */
const [together, apart] = testFiles();

export default defineConfig({
  plugins: [
    bundled(),
    members(),
    jsonParts(),
    citedWorks(),
    fewerChunks(),
    proseApart(),
    handlerMarks(),
    katexFaces(),
    isolationHeaders(),
    modelFiles(),
    builtSite(),
    sveltekit(),
  ],
  worker: { format: 'es' },
  // onnxruntime-web is loaded by the worker from files of its own (src/lib/runtime), never pre-bundled.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { fs: { allow: ['lessons', 'models'] } },
  // A face in a style sheet would travel to every page, one in a file only to those that need it.
  build: { target: 'es2022', assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined) },
  test: {
    environment: 'node',
    testTimeout: 30_000,
    // By default one core is left to the main process, which on two cores is idle most of the time.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'together', include: together, isolate: false } },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
});
