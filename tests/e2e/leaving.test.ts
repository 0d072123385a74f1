import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { atRest } from './frames.ts';
import { test } from './harness.ts';
import { downloaded } from './inspector.ts';
import { answered, queryHas } from './lesson.ts';
import { lessonsToTest } from './pages.ts';

async function savedAs(page: Page, kind: 'png' | 'svg') {
  return downloaded(page, async () => {
    await page.locator('[data-save-figure]').press('Enter');
    await page.locator(`[data-save="${kind}"]`).press('Enter');
  });
}

/** What a saved drawing holds, as a browser reads it. */
const readDrawing = (page: Page, svg: string) =>
  page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
    const html = root.querySelector('foreignObject');
    return {
      root: root.localName,
      size: [root.getAttribute('width'), root.getAttribute('height')].map(Number),
      title: root.querySelector('title')?.textContent ?? '',
      words: root.querySelector('desc')?.textContent?.split('\n') ?? [],
      text: html?.textContent ?? '',
      images: [...root.querySelectorAll('img')].map((img) => img.src),
      instead: root.querySelector('switch > image')?.getAttribute('href')?.slice(0, 22),
      controls: root.querySelectorAll('button, input, select, canvas, script').length,
      addresses: [...text.matchAll(/(?:src|href|url\()\s*=?\s*["']?(https?:[^"')\s]*)/g)].map(
        ([, url]) => url!,
      ),
      fonts: [...text.matchAll(/font-family:\s*"?([\w ]+)"?;[^}]*?url\("?data:/g)].map(([, name]) => name!),
    };
  }, svg);

/** Texts of a PNG file by their keyword. */
function textsOf(png: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'iTXt') continue;
    const parts = png.toString('utf8', at + 8, at + 8 + png.readUInt32BE(at)).split('\0');
    found.set(parts[0]!, parts.at(-1)!);
  }
  return found;
}

test(
  'leaving: a figure of pixels is saved as PNG and SVG, with caption, credit and the link to its view',
  async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url('/en/01-patches/?v=1&p=8&device=wasm'));
    await page.locator('main[data-listens]').waitFor();
    await answered(page);
    await atRest(page, 8_000, 600);
    const png = await savedAs(page, 'png');
    assert.equal(png.name, '01-patches-numbers-patch.png');
    const texts = textsOf(png.bytes);
    assert.match(texts.get('Title')!, /Lesson 1: Patches · Three planes of numbers/);
    assert.match(texts.get('Description')!, /^View: Patch; .*Patch size: 8 px$/);
    assert.match(texts.get('Copyright')!, /Golden retriever, by Snapwire, CC0 1\.0, https:/);
    assert.equal(texts.get('Source'), ctx.url('/en/01-patches/?v=1&p=8'));

    // Where the picture lies in the file, it has the colours of the canvas on the page.
    const seen = await page.evaluate(() => {
      const card = document.querySelector('.stage .card')!.getBoundingClientRect();
      const canvas = document.querySelector<HTMLCanvasElement>('.stage .card canvas')!;
      const box = canvas.getBoundingClientRect();
      const small = document.createElement('canvas');
      small.width = small.height = 8;
      const context = small.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(canvas, 0, 0, 8, 8);
      const pixels = [...context.getImageData(0, 0, 8, 8).data];
      return { left: box.left - card.left, side: box.width, pixels, url: canvas.toDataURL() };
    });
    const { width } = await sharp(png.bytes).metadata();
    const drawing = await savedAs(page, 'svg');
    const svg = await readDrawing(page, drawing.bytes.toString('utf8'));
    assert.equal(width, 3 * svg.size[0]!);
    /** Mean difference of the colours of 8 × 8 places, if the picture began at this height. */
    const differs = async (top: number) => {
      const part = {
        left: Math.round(3 * (24 + seen.left)),
        top,
        width: Math.round(3 * seen.side),
        height: Math.round(3 * seen.side),
      };
      const data = await sharp(png.bytes)
        .extract(part)
        .resize(8, 8, { kernel: 'cubic', fit: 'fill' })
        .removeAlpha()
        .raw()
        .toBuffer();
      let sum = 0;
      for (let i = 0; i < 64; i++)
        for (let c = 0; c < 3; c++) sum += Math.abs(data[3 * i + c]! - seen.pixels[4 * i + c]!);
      return sum / 192;
    };
    const at = await Promise.all([40, 48, 60, 90].map((top) => differs(3 * top)));
    assert.ok(Math.min(...at) < 10, `differences ${at.map((d) => d.toFixed(1)).join(', ')}`);
    assert.ok(Math.max(...at) > Math.min(...at) + 3, 'the comparison tells places apart');

    assert.equal(drawing.name, '01-patches-numbers-patch.svg');
    assert.equal(svg.root, 'svg');
    assert.equal(svg.title, texts.get('Title'));
    assert.deepEqual(
      svg.words,
      ['Description', 'Copyright', 'Source'].map((key) => texts.get(key)),
    );
    assert.ok(svg.images.includes(seen.url), 'the pixels of the picture');
    assert.equal(svg.instead, 'data:image/png;base64,');
    assert.equal(svg.controls, 0);
    assert.match(svg.text, /The model sees golden retriever/);
    // It asks nobody for anything; the link is to be clicked.
    assert.deepEqual(svg.addresses, [texts.get('Source')!.replaceAll('&', '&amp;')]);

    await page.goto(texts.get('Source')!);
    await page.locator('main[data-listens]').waitFor();
    assert.equal(
      await page.getByRole('slider', { name: 'Patch size' }).getAttribute('aria-valuetext'),
      '8 px',
    );
  },
  { timeout: 120_000 },
);

test(
  'leaving: the drawing of a whole model is saved with its stop, what it is fed, and its link',
  async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url('/en/whole/uvit-cifar10/?v=1&s=u&at=0.4&seed=2&device=wasm'));
    await page.waitForFunction(
      () =>
        Number(document.querySelector('[data-drawing]')?.getAttribute('data-drawing')) >= 100 &&
        !document.querySelector('[data-computing]'),
      undefined,
      { timeout: 60_000 },
    );
    const box = (await page.locator('[data-drawing]').boundingBox())!;
    const png = await savedAs(page, 'png');
    assert.equal(png.name, 'whole-uvit-cifar10-u.png');
    const texts = textsOf(png.bytes);
    assert.equal(texts.get('Title'), 'Patchwork · A whole U-ViT, live · Down and up again');
    assert.match(texts.get('Description')!, /Time t: 0\.4.*Class: dog.*Seed of the noise: 2/);
    assert.match(texts.get('Copyright')!, /Golden retriever/);
    const { searchParams } = new URL(texts.get('Source')!);
    for (const [key, value] of [
      ['s', 'u'],
      ['at', '0.4'],
      ['seed', '2'],
    ])
      assert.equal(searchParams.get(key!), value, texts.get('Source'));
    const { width = 0, height = 0 } = await sharp(png.bytes).metadata();
    assert.ok(width >= 3 * box.width && height >= 3 * box.height, `${width} by ${height} pixels`);
    // The drawing, not its paper alone: colours of both scales.
    const { channels } = await sharp(png.bytes).stats();
    assert.ok(channels.slice(0, 3).every(({ stdev }) => stdev > 8));
  },
  { timeout: 120_000 },
);

test(
  'leaving: drawings, formulas and tables are saved as they stand, in the page’s language',
  async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url('/zh/06-noise/?v=1&t=400'));
    await page.locator('main[data-listens]').waitFor();
    await page.locator('.stage .katex').waitFor();
    await atRest(page, 8_000, 600);
    const text = (selector: string) => page.locator(selector).first().innerText();
    const table = (await text('.stage .card table')).split(/\s+/);
    const { name, bytes } = await savedAs(page, 'svg');
    assert.equal(name, '06-noise-question-mix.svg');
    const svg = await readDrawing(page, bytes.toString('utf8'));
    assert.match(svg.title, /第 6 课/);
    assert.match(svg.words[0]!, /^视图：.*t = 400/);
    assert.ok(svg.words.at(-1)!.endsWith('/zh/06-noise/?v=1&t=400'));
    for (const word of table) assert.ok(svg.text.includes(word), word);
    for (const font of ['KaTeX_Math', 'KaTeX_Main', 'Inter Variable', 'JetBrains Mono Variable'])
      assert.ok(svg.fonts.includes(font), `${font} of ${svg.fonts.join()}`);
    assert.equal(svg.controls, 0);

    await page.goto(ctx.url('/zh/04-block/?v=1'));
    await page.locator('main[data-listens]').waitFor();
    await page.locator('[data-block-diagram] [data-tensor]').first().waitFor();
    await atRest(page, 20_000, 600);
    const words = (await page.locator('[data-block-diagram] text').allTextContents())
      .map((w) => w.trim())
      .filter(Boolean);
    // The key saves without the menu.
    const block = await downloaded(page, () => page.keyboard.press('d'));
    assert.match(block.name, /^04-block-map-block\.png$/);
    const drawn = await readDrawing(page, (await savedAs(page, 'svg')).bytes.toString('utf8'));
    assert.ok(words.length > 10);
    for (const word of words) assert.ok(drawn.text.includes(word), word);
    const { channels } = await sharp(block.bytes).stats();
    assert.ok(
      channels.slice(0, 3).every(({ stdev }) => stdev > 15),
      'not blank',
    );
  },
  { timeout: 120_000 },
);

/** The figures that the page has when it is printed: step and caption. What paper has too is looked at while they stand. */
const printed = (page: Page) =>
  page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    const figures = [...document.querySelectorAll<HTMLElement>('[data-still]')];
    const inside = figures.map((f) => f.firstElementChild!.shadowRoot!.querySelector('.still')!);
    const found = {
      steps: figures.map((f) => f.dataset.still!),
      sections: figures.map((f) => f.closest<HTMLElement>('[data-step]')?.dataset.step),
      captions: figures.map((f) => f.querySelector('figcaption')!.textContent ?? ''),
      controls: inside.reduce((n, s) => n + s.querySelectorAll('button, input, [data-computing]').length, 0),
      blank: figures.filter((_, i) => inside[i]!.getBoundingClientRect().height < 100).length,
      wide: inside.filter((s) => s.getBoundingClientRect().width > 665).length,
      stills: document.documentElement.dataset.stills !== undefined,
    };
    dispatchEvent(new Event('afterprint'));
    return { ...found, left: document.querySelectorAll('[data-still]').length };
  });

test(
  'leaving: on paper each step has its own figure, and afterwards the page is as it was',
  async (ctx) => {
    const { lesson } = (await lessonsToTest()).find(({ slug }) => slug === '06-noise')!;
    const page = await ctx.page({ reducedMotion: true });
    await page.goto(ctx.url('/en/06-noise/?v=1&t=300'));
    await page.locator('main[data-listens]').waitFor();
    const labelOf = (id: string) =>
      lesson.views![String(lesson.steps.find((s) => s.id === id)!.set!['view'])]!.label.en;
    const [first, second] = lesson.steps.map(({ id }) => id) as [string, string];
    await atRest(page, 8_000, 1_400);
    await page.keyboard.press('n');
    await page.locator(`[data-step="${second}"].on`).waitFor();
    await atRest(page, 8_000, 1_400);

    // What has been seen is printed, each step as it was left; of the others there is no figure.
    const text = await page.locator('article').innerText();
    const two = await printed(page);
    assert.deepEqual(two.steps, [first, second]);
    assert.deepEqual(two.sections, two.steps);
    assert.match(two.captions[0]!, /t = 300/);
    assert.ok(two.captions[1]!.includes(`View: ${labelOf(second)}`), two.captions[1]);
    assert.ok(two.stills);
    assert.equal(two.controls + two.blank + two.wide + two.left, 0);
    assert.equal(await page.locator('article').innerText(), text);
    await page.evaluate(() => (document.documentElement.dataset.stills = ''));
    await page.emulateMedia({ media: 'print' });
    assert.ok(!(await page.locator('.stage').isVisible()));
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => delete document.documentElement.dataset.stills);

    // All steps: asked for, they are gone through, and the reader stands where he stood.
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-asked-to-print', '');
    });
    await page.locator('[data-print-lesson]').focus();
    const before = await page.evaluate(() => ({
      search: location.search,
      y: scrollY,
      step: document.querySelector('.step.on')?.id,
    }));
    await page.keyboard.press('Enter');
    const dialog = page.locator('[data-printing]');
    await dialog.getByText(`Step 4 of ${lesson.steps.length}`).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await queryHas(page, before.search);
    assert.equal(await page.locator('[data-asked-to-print]').count(), 0);
    await page.locator('[data-print-lesson]').press('Enter');
    await page.locator('[data-asked-to-print]').waitFor({ state: 'attached', timeout: 60_000 });
    await queryHas(page, before.search);
    assert.deepEqual(
      await page.evaluate(() => ({
        search: location.search,
        y: scrollY,
        step: document.querySelector('.step.on')?.id,
      })),
      before,
    );
    const all = await printed(page);
    const titled = lesson.steps.filter(({ title }) => title).map(({ id }) => id);
    assert.deepEqual(
      all.steps.filter((id) => titled.includes(id)),
      titled,
    );
    assert.equal(new Set(all.steps).size, all.steps.length);
    assert.match(all.captions[0]!, /t = 300/);
    for (const [i, id] of all.steps.entries())
      if (id !== before.step && lesson.steps.find((s) => s.id === id)!.set?.['view'] !== undefined)
        assert.ok(all.captions[i]!.includes(`View: ${labelOf(id)}`), `${id}: ${all.captions[i]}`);
    assert.equal(all.controls + all.blank + all.wide + all.left, 0);
  },
  { timeout: 120_000 },
);
