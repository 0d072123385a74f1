import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DecodedImage } from '#lib/images/rgba.ts';
import { gallery, loadGallery, OWN } from './gallery.ts';
import { ShownPicture } from './shown.svelte.ts';

/** Pictures on their way: each is decoded when the test says so. */
const ways = new Map<string, () => void>();
const decoded = (name: string) =>
  ({ width: 1, height: 1, data: new Uint8ClampedArray(4), notes: [], name }) as unknown as DecodedImage;
vi.mock('#lib/images/decode.browser.ts', () => ({
  decodeImage: async (blob: Blob) => {
    const name = await blob.text();
    await new Promise<void>((done) => ways.set(name, done));
    return decoded(name);
  },
}));
await loadGallery(
  async () => new Response(readFileSync('static/pictures/pictures.json')),
  'pictures/pictures.json',
);
const [first, second] = gallery().map((p) => p.id) as [string, string];
vi.stubGlobal('fetch', async (url: string) => new Response(gallery().find((p) => url.endsWith(p.file))!.id));
vi.stubGlobal('navigator', { onLine: true });
let kept: () => void = () => {};
vi.mock('./own.ts', () => ({
  keepOwn: () => new Promise<boolean>((done) => (kept = () => done(true))),
  recallOwn: async () => undefined,
}));

/** Lets a picture arrive; waits until the page has taken notice. */
async function arrive(name: string): Promise<void> {
  await vi.waitFor(() => expect(ways.has(name)).toBe(true));
  ways.get(name)!();
  ways.delete(name);
  await new Promise((done) => setTimeout(done, 20));
}
const nameOf = (p: ShownPicture) => (p.rgba as unknown as { name?: string } | undefined)?.name;
const file = (name: string) => new Blob([name], { type: 'image/png' });

beforeEach(() => ways.clear());

describe('the shown picture', () => {
  it('is the one asked for last, in whatever order they arrive', async () => {
    const picture = new ShownPicture();
    void picture.show(first);
    await vi.waitFor(() => expect(ways.has(first)).toBe(true));
    void picture.show(second);
    await arrive(second);
    await arrive(first);
    expect(nameOf(picture)).toBe(second);
    expect(picture.loading).toBe(false);
  });

  it('stays when the reader comes back to it before the other one has arrived', async () => {
    const picture = new ShownPicture();
    void picture.show(first);
    await arrive(first);
    void picture.show(second);
    await vi.waitFor(() => expect(ways.has(second)).toBe(true));
    await picture.show(first);
    expect(picture.loading).toBe(false);
    await arrive(second);
    expect([nameOf(picture), picture.shown]).toEqual([first, first]);
  });

  it('takes a second file while the state still learns of the first', async () => {
    const picture = new ShownPicture();
    void picture.take(file('blue'), 'blue.png');
    await arrive('blue');
    const red = picture.take(file('red'), 'red.png');
    await picture.show(OWN);
    await arrive('red');
    kept();
    expect(await red).toBe(true);
    expect(nameOf(picture)).toBe('red');
  });

  it('gives way to a picture chosen while a file is still being kept', async () => {
    const picture = new ShownPicture();
    const taken = picture.take(file('blue'), 'blue.png');
    await arrive('blue');
    expect(picture.shown).toBe(OWN);
    void picture.show(first);
    kept();
    expect(await taken).toBe(false);
    await arrive(first);
    expect(picture.shown).toBe(first);
  });
});
