import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import jspiScript from 'onnxruntime-web/jspi?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import asyncifyScript from 'onnxruntime-web/webgpu?url';
import plainWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import plainScript from 'onnxruntime-web/wasm?url';
import type { BuildFiles, BuildId } from './builds.ts';

/**
 * Where the runtime's files lie on our own origin, as absolute addresses (the worker has another base).
 * The `?url` of the bundler keeps each file as it is, so the threads load the very module the worker loaded.
 */
export function assetUrls(page: string): Record<BuildId, BuildFiles> {
  const at = (url: string) => new URL(url, page).href;
  return {
    jspi: { script: at(jspiScript), wasm: at(jspiWasm) },
    asyncify: { script: at(asyncifyScript), wasm: at(asyncifyWasm) },
    wasm: { script: at(plainScript), wasm: at(plainWasm) },
  };
}
