import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { fewerChunks } from './plugins/chunks.ts';
import { builtSite } from './plugins/preview.ts';
import { isolationHeaders, modelFiles } from './plugins/site.ts';

export default defineConfig({
  plugins: [fewerChunks(), isolationHeaders(), modelFiles(), builtSite(), sveltekit()],
  worker: { format: 'es' },
  // onnxruntime-web is loaded by the worker from files of its own (src/lib/runtime), never pre-bundled.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { fs: { allow: ['lessons', 'models'] } },
  build: { target: 'es2022' },
  test: {
    include: [
      'src/**/*.test.ts',
      'tests/*.test.ts',
      'tests/gpu/**/*.test.ts',
      'tests/parity/**/*.test.ts',
      'bin/**/*.test.ts',
      'lessons/**/*.test.ts',
      'plugins/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    environment: 'node',
    testTimeout: 30_000,
    // By default one core is left to the main process, which on two cores is idle most of the time.
    maxWorkers: '100%',
  },
});
