import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BUILDS } from '#lib/runtime/builds.ts';
import type { Ort } from '#lib/runtime/ort.ts';

const DIST = fileURLToPath(new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url));

/**
 * The build of onnxruntime-web that knows WebGPU and needs no JSPI, which Node has behind a flag only. Dawn must be open.
 * @param dist folder of the package's files
 */
export async function ortOnWebGpu(dist = DIST): Promise<Ort> {
  const { script, wasm } = BUILDS.asyncify.files;
  const ort = (await import(/* @vite-ignore */ pathToFileURL(join(dist, script)).href)) as Ort;
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmBinary = new Uint8Array(readFileSync(join(dist, wasm))).buffer;
  ort.env.wasm.numThreads = 1;
  return ort;
}
