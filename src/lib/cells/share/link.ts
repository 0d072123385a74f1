import { readNotebook, type Notebook } from './notebook.ts';

/** The version of the form of links; a link says it before everything else. */
const VERSION = 1;
/** Most characters of the part of an address behind the #: what mail and chat programs carry without cutting it. */
export const MOST_LINK = 16_000;

/** What became of a link: a notebook, or why there is none. `none`: the address names no notebook. */
export type Opened =
  | { readonly is: 'notebook'; readonly notebook: Notebook }
  | { readonly is: 'none' }
  /** Made by a newer version of this site. */
  | { readonly is: 'newer'; readonly version: number }
  /** Cut, or changed on its way. */
  | { readonly is: 'broken' };

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  by: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough(by as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The part of an address behind the #: `n=1.` and the notebook, deflated, in base64url. */
export async function linkOf({ title, cells }: Notebook): Promise<string> {
  const plain = new TextEncoder().encode(JSON.stringify({ title, cells }));
  const packed = await through(plain, new CompressionStream('deflate-raw'));
  let text = '';
  for (const byte of packed) text += String.fromCharCode(byte);
  return `n=${VERSION}.${btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The notebook of an address's part behind the #. Never throws. */
export async function openLink(hash: string): Promise<Opened> {
  const [, version, packed] = /^#?n=(\d{1,4})\.([\w-]*)$/.exec(hash) ?? [];
  if (version === undefined || packed === undefined) return { is: /^#?n=/.test(hash) ? 'broken' : 'none' };
  if (Number(version) > VERSION) return { is: 'newer', version: Number(version) };
  if (packed.length > 4 * MOST_LINK) return { is: 'broken' };
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const plain = await through(bytes, new DecompressionStream('deflate-raw'));
    const notebook = readNotebook(JSON.parse(new TextDecoder().decode(plain)));
    return notebook ? { is: 'notebook', notebook } : { is: 'broken' };
  } catch {
    return { is: 'broken' };
  }
}
