/** The three builds of onnxruntime-web this site can load; a reader downloads exactly one of them. */
export type BuildId = 'jspi' | 'asyncify' | 'wasm';

export interface BuildFiles {
  /** The JavaScript module; it is also what the WASM threads load. */
  readonly script: string;
  /** The WebAssembly binary. */
  readonly wasm: string;
}

export interface BuildFacts {
  /** Files inside the package's `dist` folder. */
  readonly files: BuildFiles;
  /** Size of the `.wasm` file, bytes, uncompressed. */
  readonly bytes: number;
  /** SHA-256 of the `.wasm` file, hexadecimal. */
  readonly sha256: string;
  /** Whether the build carries the WebGPU execution provider beside the WASM one. */
  readonly webgpu: boolean;
}

/** Facts of onnxruntime-web 1.30.0; `builds.test.ts` holds them to the installed package. */
export const BUILDS: Readonly<Record<BuildId, BuildFacts>> = {
  jspi: {
    files: { script: 'ort.jspi.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.jspi.wasm' },
    bytes: 16758545,
    sha256: 'a54c76f86b0f0d9572380cf1c6292a7b3903716ffcbcd6b0e5c7050bf430eb93',
    webgpu: true,
  },
  asyncify: {
    files: { script: 'ort.webgpu.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
    bytes: 26781914,
    sha256: '39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da',
    webgpu: true,
  },
  wasm: {
    files: { script: 'ort.wasm.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.wasm' },
    bytes: 14239897,
    sha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
    webgpu: false,
  },
};

/**
 * Which build this browser should download.
 * Without a usable adapter the plain one, the smallest. With one, JSPI (`WebAssembly.Suspending`) where the browser has
 * it, since it is the smaller and faster of the two that know WebGPU; Asyncify is for browsers without.
 */
export function chooseBuild(browser: { jspi: boolean; adapter: boolean }): BuildId {
  if (!browser.adapter) return 'wasm';
  return browser.jspi ? 'jspi' : 'asyncify';
}
