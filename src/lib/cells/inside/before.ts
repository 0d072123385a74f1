/**
 * Runs before everything else in the sandbox's worker. The walls are elsewhere (an opaque origin, a content security
 * policy without network); this only makes what has no use here say so, and keeps one list from taking all memory.
 */
import { LightDocument } from './dom.ts';

/** Most bytes of one typed array or buffer. */
const MOST_BYTES = 256e6;

const realm: Record<string, unknown> = globalThis as never;

/** Frames are for what is drawn; here the next turn will do. */
realm.requestAnimationFrame = (f: () => void) => setTimeout(f, 0);
for (const name of ['postMessage', 'close', 'importScripts']) realm[name] = undefined;

/** The document that Plot and D3 draw on when none is named. */
export const light = new LightDocument();
realm.document = light;
realm.window = { document: light };

type Sized = new (...args: unknown[]) => { readonly byteLength: number };
const SIZED: readonly (readonly [string, number])[] = [
  ...(['ArrayBuffer', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray'] as const).map((n) => [n, 1] as const),
  ...(['Int16Array', 'Uint16Array'] as const).map((n) => [n, 2] as const),
  ...(['Int32Array', 'Uint32Array', 'Float32Array'] as const).map((n) => [n, 4] as const),
  ...(['Float64Array', 'BigInt64Array', 'BigUint64Array'] as const).map((n) => [n, 8] as const),
];

for (const [name, bytes] of SIZED) {
  const Whole = realm[name] as Sized;
  realm[name] = new Proxy(Whole, {
    construct(of, args, newTarget) {
      const [n] = args as unknown[];
      if (typeof n === 'number' && n * bytes > MOST_BYTES)
        throw new RangeError(
          `${name} of ${n.toExponential(1)} places: a cell may hold ${MOST_BYTES / bytes / 1e6} million of them in one list. Work on parts, such as one head or one block.`,
        );
      return Reflect.construct(of, args, newTarget) as object;
    },
  });
}
