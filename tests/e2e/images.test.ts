import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { build } from 'vite';
import type { DecodedImage } from '#lib/images/rgba.ts';
import { HEIC, storedCases } from '#lib/images/stored.testing.ts';
import { PHOTO, photoOf40MB } from './photo.ts';
import { test, type TestContext } from './harness.ts';

// The decoder alone, in the browser, with real files: what a reader may drop on the page.

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly notes: readonly string[];
  readonly original: { readonly width: number; readonly height: number };
  /** Red, green, blue and alpha of the first pixel of each corner: top left, top right, bottom left, bottom right. */
  readonly corners: readonly (readonly number[])[];
}
type Result = Decoded | { readonly code: string; readonly details: Record<string, string | number> };

let script: Promise<string> | undefined;

/** `decode.browser.ts` as one script that sets `decoder.decodeImage`. */
function bundle(): Promise<string> {
  script ??= build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: {
        entry: fileURLToPath(new URL('../../src/lib/images/decode.browser.ts', import.meta.url)),
        name: 'decoder',
        formats: ['iife'],
      },
    },
  }).then((built) => {
    const [first] = Array.isArray(built) ? built : [built];
    if (!first || !('output' in first)) throw new Error('nothing was built');
    return first.output[0].code;
  });
  return script;
}

async function open(ctx: TestContext): Promise<Page> {
  const page = await ctx.page();
  ctx.allow(/favicon\.ico/); // a file that is no page has no icon of its own
  await page.goto(ctx.url('/pictures/pictures.json'));
  await page.addScriptTag({ content: `${await bundle()};globalThis.decoder = decoder;` });
  return page;
}

async function decode(page: Page, bytes: Uint8Array, name: string): Promise<Result> {
  const chooser = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    document.body.replaceChildren(input);
    return input;
  });
  const folder = await mkdtemp(join(tmpdir(), 'patchwork-images-'));
  await writeFile(join(folder, name), bytes);
  await chooser.asElement()!.setInputFiles(join(folder, name));
  const result = await page.evaluate(async (input): Promise<Result> => {
    const { decodeImage } = (
      globalThis as unknown as { decoder: { decodeImage(b: Blob): Promise<DecodedImage> } }
    ).decoder;
    try {
      const { width, height, notes, original, data } = await decodeImage(input.files![0]!);
      const at = [0, width - 1, (height - 1) * width, height * width - 1];
      const corners = at.map((pixel) => [...data.subarray(pixel * 4, pixel * 4 + 4)]);
      return { width, height, notes, original, corners };
    } catch (error) {
      const { code = String(error), details = {} } = error as {
        code?: string;
        details?: Record<string, string>;
      };
      return { code, details };
    }
  }, chooser);
  await rm(folder, { recursive: true });
  return result;
}

/** A picture whose corners are red, green, blue and black. */
function fourCorners(width: number, height: number): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      if (y < height / 2) data[at + (x < width / 2 ? 0 : 1)] = 255;
      else if (x < width / 2) data[at + 2] = 255;
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const [RED, GREEN, BLUE, BLACK] = [
  [255, 0, 0, 255],
  [0, 255, 0, 255],
  [0, 0, 255, 255],
  [0, 0, 0, 255],
];

test('pictures keep their pixels, upright and opaque', async (ctx) => {
  const page = await open(ctx);
  const png = await decode(page, await fourCorners(40, 20).png().toBuffer(), 'a.png');
  assert.deepEqual(png, {
    width: 40,
    height: 20,
    notes: [],
    original: { width: 40, height: 20 },
    corners: [RED, GREEN, BLUE, BLACK],
  });

  const rotated = await fourCorners(64, 32)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const upright = (await decode(page, rotated, 'rotated.jpg')) as Decoded;
  assert.deepEqual([upright.width, upright.height], [32, 64]);
  for (const [i, colour] of [BLUE, RED, BLACK, GREEN].entries()) {
    assert.ok(
      upright.corners[i]!.every((v, c) => Math.abs(v - colour![c]!) < 12),
      `corner ${i}: ${upright.corners[i]}`,
    );
  }

  const clear = await sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  assert.deepEqual(await decode(page, clear, 'clear.png'), {
    width: 8,
    height: 8,
    notes: ['on-white'],
    original: { width: 8, height: 8 },
    corners: Array(4).fill([255, 255, 255, 255]),
  });

  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((background) =>
      sharp({ create: { width: 4, height: 4, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const gif = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  const first = (await decode(page, gif, 'moving.gif')) as Decoded;
  assert.deepEqual([first.width, first.height, first.notes, first.corners[0]], [4, 4, ['first-frame'], RED]);

  const one = (await decode(page, await fourCorners(1, 1).png().toBuffer(), 'one.png')) as Decoded;
  assert.deepEqual([one.width, one.height, one.notes], [1, 1, []]);
});

test('what is stored beside the pixels is read as the command line reads it', async (ctx) => {
  const page = await open(ctx);
  for (const { name, bytes, reds, ...said } of await storedCases()) {
    const { width, height, notes, corners } = (await decode(page, bytes, name)) as Decoded;
    assert.deepEqual({ width, height, notes }, said, name);
    if (reds)
      assert.deepEqual(
        corners.map(([red]) => red),
        reds,
        name,
      );
  }
  assert.deepEqual(await decode(page, HEIC, 'a.heic'), {
    code: 'image-not-image',
    details: { file: 'a.heic', type: 'HEIC' },
  });
});

test('a photo of 40 MB is scaled down while it is decoded', async (ctx) => {
  const page = await open(ctx);
  const image = (await decode(page, await photoOf40MB(), 'photo.jpg')) as Decoded;
  assert.deepEqual(image.original, { ...PHOTO });
  assert.ok(image.width * image.height <= 2 ** 24);
  assert.ok(Math.abs(image.width / image.height - PHOTO.width / PHOTO.height) < 0.001);
  assert.deepEqual(image.notes, ['scaled-down']);
});

test('what is no picture, or a damaged one, has its own fault', async (ctx) => {
  const page = await open(ctx);
  const code = async (bytes: Uint8Array, name: string) => {
    const result = await decode(page, bytes, name);
    assert.ok('code' in result, JSON.stringify(result));
    assert.equal(result.details.file, name);
    return result.code;
  };
  assert.equal(
    await code(new TextEncoder().encode('A text, whatever its name says.'), 'text.jpg'),
    'image-not-image',
  );
  assert.equal(await code(new Uint8Array(0), 'empty.png'), 'image-not-image');
  const jpeg = await fourCorners(300, 300).jpeg().toBuffer();
  assert.equal(await code(jpeg.subarray(0, 200), 'cut.jpg'), 'image-unreadable');
  const huge = Uint8Array.from(await fourCorners(4, 4).png().toBuffer());
  new DataView(huge.buffer).setUint32(16, 100_000);
  new DataView(huge.buffer).setUint32(20, 100_000);
  assert.equal(await code(huge, 'huge.png'), 'image-too-large');
});
