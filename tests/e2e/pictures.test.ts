import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { test, type TestContext } from './harness.ts';
import { openLesson, queryHas } from './lesson.ts';
import { photoOf40MB } from './photo.ts';

const solid = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

const folder = mkdtempSync(join(tmpdir(), 'patchwork-own-'));
// The page reads a file after it was chosen: they go when the tests are done.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Opens a file of the reader's through the dialog. */
async function give(page: Page, bytes: Uint8Array, name: string): Promise<void> {
  writeFileSync(join(folder, name), bytes);
  await page.locator('[data-change-picture]').click();
  await page.locator('[data-pictures] [data-file]').setInputFiles(join(folder, name));
  await page.locator('[data-pictures]').waitFor({ state: 'detached' });
}

/** The stage's picture as the page draws it: colour of a place given in parts of its side. */
async function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  return page.locator('[role="application"] canvas').evaluate(
    (canvas, [u, v]) => {
      const c = canvas as HTMLCanvasElement;
      return [
        ...c
          .getContext('2d')!
          .getImageData(c.width * u!, c.height * v!, 1, 1)
          .data.slice(0, 3),
      ];
    },
    [x, y],
  );
}
async function untilColour(page: Page, x: number, y: number, wanted: readonly number[]): Promise<void> {
  let seen: number[] = [];
  for (let i = 0; i < 60; i++) {
    seen = await colourAt(page, x, y);
    if (seen.every((v, c) => Math.abs(v - wanted[c]!) < 14)) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`the picture at ${x}, ${y} is ${seen}, not ${wanted}`);
}

const LANGS = { en: '/en/01-patches/', zh: '/zh/01-patches/' } as const;
const said = {
  en: {
    own: 'Your picture, only in this browser',
    text: /notes\.jpg.* is not a picture the browser can read\. The picture before it stays\./,
    tiny: /only 1 × 1 pixels/,
    clear: /laid on white/,
    moving: /first frame/,
    large: /very large/,
  },
  zh: {
    own: '你的图片，只在这个浏览器里',
    text: /无法把文件.*notes\.jpg.*当作图片读取，所以仍显示原来的图片/,
    tiny: /只有 1 × 1 像素/,
    clear: /铺成白色/,
    moving: /第一帧/,
    large: /原图很大/,
  },
} as const;

for (const lang of ['en', 'zh'] as const) {
  const t = said[lang];
  const open = (ctx: TestContext) => openLesson(ctx, `${LANGS[lang]}?v=1&p=32&view=cost`);

  test(`a text named .jpg is refused with a sentence, and the picture stays (${lang})`, async (ctx) => {
    const page = await open(ctx);
    await give(page, new TextEncoder().encode('A text, whatever its name says.'), 'notes.jpg');
    const fault = page.locator('[data-fault="image-not-image"]');
    await fault.getByText(t.text).waitFor();
    assert.ok(!page.url().includes('pic=own'));
    await fault.getByRole('button').click();
    await fault.waitFor({ state: 'detached' });
  });

  test(`odd pictures are shown, and what was done to them is said (${lang})`, async (ctx) => {
    const page = await open(ctx);
    await give(page, await solid(1, 1, '#20a040').png().toBuffer(), 'one.png');
    await page.getByText(t.own).waitFor();
    await page.locator('[data-remarks]').getByText(t.tiny).waitFor();
    await untilColour(page, 0.4, 0.4, [32, 160, 64]);

    const clear = sharp({
      create: { width: 300, height: 300, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    });
    await give(page, await clear.png().toBuffer(), 'clear.png');
    await page.locator('[data-remarks]').getByText(t.clear).waitFor();
    await untilColour(page, 0.4, 0.4, [255, 255, 255]);

    // Stored lying on its side: left half red, right half blue; upright, red is on top.
    const halves = await solid(400, 400, '#0000ff')
      .composite([{ input: await solid(200, 400, '#ff0000').png().toBuffer(), left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    await give(page, halves, 'rotated.jpg');
    await untilColour(page, 0.4, 0.1, [255, 0, 0]);
    await untilColour(page, 0.1, 0.9, [0, 0, 255]);

    const frames = await Promise.all(['#ff8000', '#0000ff'].map((c) => solid(300, 300, c).png().toBuffer()));
    await give(
      page,
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
      'moving.gif',
    );
    await page.locator('[data-remarks]').getByText(t.moving).waitFor();
    await untilColour(page, 0.4, 0.4, [255, 128, 0]);
  });

  test(
    `a photo of 40 MB is shown, made smaller, and said so (${lang})`,
    async (ctx) => {
      const page = await open(ctx);
      await give(page, await photoOf40MB(), 'photo.jpg');
      await page.locator('[data-remarks]').getByText(t.large).waitFor({ timeout: 60_000 });
      await page.getByText(t.own).waitFor();
    },
    { timeout: 120_000 },
  );
}

test(
  'one’s own picture outlives a reload and is sent nowhere',
  async (ctx) => {
    const page = await openLesson(ctx, '/en/01-patches/?v=1&p=32&view=cost');
    const methods: string[] = [];
    ctx.context.on('request', (request) => void (request.method() !== 'GET' && methods.push(request.url())));
    await give(page, await solid(300, 300, '#20a040').png().toBuffer(), 'green.png');
    await queryHas(page, 'pic=own');
    await untilColour(page, 0.4, 0.4, [32, 160, 64]);
    await page.reload();
    await page.getByText('Your picture, only in this browser').waitFor();
    await untilColour(page, 0.4, 0.4, [32, 160, 64]);

    // The next lessons show it too, opened by their bare addresses, and it lies in IndexedDB.
    for (const lesson of ['04-block', '05-answer']) {
      await page.goto(ctx.url(`/en/${lesson}/`));
      await page.getByText('Your picture, only in this browser').first().waitFor();
      await queryHas(page, 'pic=own');
      await page.reload();
      await page.getByText('Your picture, only in this browser').first().waitFor();
    }
    const kept = await page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const request = indexedDB.open('patchwork');
          request.onerror = () => reject(new Error('no database'));
          request.onsuccess = () => {
            const get = request.result.transaction('pictures').objectStore('pictures').get('own');
            get.onsuccess = () => resolve((get.result as { bytes: ArrayBuffer }).bytes.byteLength);
          };
        }),
    );
    assert.ok(kept > 100, `${kept} bytes in IndexedDB`);
    assert.deepEqual(methods, []);
    await page.goto(ctx.url('/en/01-patches/?v=1&p=32&view=cost&pic=own'));
    await page.getByText('Your picture, only in this browser').waitFor();

    // A friend who opens the link has no such picture.
    const link = page.url();
    const friend = await ctx.page({ locale: 'en-US' });
    await friend.goto(link);
    await friend
      .locator('[data-link-note]')
      .getByText(/never left their browser/)
      .waitFor();
    await friend.getByText('Golden retriever').first().waitFor();
  },
  { ownContext: true },
);

test('a picture can be dropped and pasted; the gallery changes it', async (ctx) => {
  const page = await openLesson(ctx, '/en/01-patches/?v=1&p=32&view=cost');
  for (const [how, colour] of [
    ['drop', '#2040c0'],
    ['paste', '#c02040'],
  ] as const) {
    const bytes = [...(await solid(300, 300, colour).png().toBuffer())];
    await page.evaluate(
      ([kind, data]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(data as number[])], 'a.png', { type: 'image/png' }));
        const event =
          kind === 'drop'
            ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
      },
      [how, bytes] as const,
    );
    await untilColour(page, 0.4, 0.4, how === 'drop' ? [32, 64, 192] : [192, 32, 64]);
  }
  await page.locator('[data-change-picture]').click();
  await page.locator('[data-picture="macaw"]').click();
  await page.getByText('Scarlet macaw').first().waitFor();
  await queryHas(page, 'pic=macaw');
});

test('without a camera the page says what to do instead', async (ctx) => {
  const page = await openLesson(ctx, '/zh/01-patches/');
  await page.locator('[data-change-picture]').click();
  await page.getByRole('button', { name: '摄像头' }).click();
  await page.getByText(/请.*打开文件。/).waitFor();
});
