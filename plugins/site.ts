import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sirv from 'sirv';
import type { Plugin } from 'vite';

/** The headers that make a page cross-origin isolated, which WASM threads (SharedArrayBuffer) need. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Sends the isolation headers from the dev and preview servers. */
export function isolationHeaders(): Plugin {
  const use = (server: {
    middlewares: {
      use: (
        f: (req: unknown, res: { setHeader(k: string, v: string): void }, next: () => void) => void,
      ) => void;
    };
  }) => {
    server.middlewares.use((_req, res, next) => {
      for (const [k, v] of Object.entries(ISOLATION)) res.setHeader(k, v);
      next();
    });
  };
  return { name: 'patchwork:isolation-headers', configureServer: use, configurePreviewServer: use };
}

/** The files of `models/<name>/` a reader's browser may ask for. */
const SERVED =
  /^(model(-\d+)?\.safetensors|golden\.safetensors|index\.(json|safetensors)|config\.json|tokenizer\.json|metrics\.json|card\.md)$/;

/** Serves `models/<name>/…` under `<base>/models/` in dev and copies it into the built site. */
export function modelFiles(root = 'models'): Plugin {
  let base = '/';
  let ssr = false;
  return {
    name: 'patchwork:model-files',
    configResolved(config) {
      base = config.base.startsWith('/') ? config.base : '/';
      ssr = Boolean(config.build.ssr);
    },
    configureServer(server) {
      const serve = sirv(root, { dev: true, etag: true });
      // A configuration that is built into a page (`?import`) is a module: that is Vite's to answer.
      server.middlewares.use(`${base.replace(/\/$/, '')}/models`, (req, res, next) =>
        /[?&]import\b/.test(req.url ?? '') ? next() : serve(req, res, next),
      );
    },
    generateBundle() {
      if (ssr || this.environment?.name !== 'client' || !existsSync(root)) return;
      for (const name of readdirSync(root)) {
        const folder = join(root, name);
        if (!statSync(folder).isDirectory()) continue;
        for (const file of readdirSync(folder).filter((f) => SERVED.test(f))) {
          this.emitFile({
            type: 'asset',
            fileName: `models/${name}/${file}`,
            source: readFileSync(join(folder, file)),
          });
        }
      }
    },
  };
}
