import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { test } from './harness.ts';

const at = (page: Page, name: string): Locator => page.locator(`[data-case="${name}"]`);

/** Opens the workbench and waits until it answers. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await at(page, 'TensorView: a scalar').getByText('3.142').first().waitFor();
}

/** Waits until a value shows; says what was shown instead. */
async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string): Promise<T> {
  let value = await read();
  for (let i = 0; i < 100 && !wanted(value); i++) {
    await new Promise((done) => setTimeout(done, 50));
    value = await read();
  }
  assert.ok(wanted(value), `${what}: ${JSON.stringify(value)}`);
  return value;
}

const pixels = (canvas: Locator): Promise<string> =>
  canvas.evaluate((node) => (node as HTMLCanvasElement).toDataURL());

test('the workbench fits a phone and a desk, light and dark, in both languages', async (ctx) => {
  for (const [lang, width, scheme] of [
    ['en', 1440, 'light'],
    ['zh', 390, 'dark'],
  ] as const) {
    const page = await ctx.page({ width, height: 900, scheme });
    await open(page, ctx.url(`/${lang}/figures/`));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${lang} at ${width} px is ${wide} px wide`);
    await at(page, 'CostCurve').locator('svg').first().waitFor();
    await at(page, 'Formula').locator('.katex').first().waitFor();
    await ctx.shot(page, `figures-${lang}-${width}-${scheme}`, { fullPage: true });
  }
});

test('a slider answers to arrows, Home, End, and Page keys go from stop to stop', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const stops = at(page, 'Slider: stops only').getByRole('slider', { name: 'Patch size' });
  await stops.focus();
  const says = () => stops.getAttribute('aria-valuetext');
  assert.equal(await says(), '16 px');
  for (const [key, value] of [
    ['ArrowRight', '28 px'],
    ['End', '32 px'],
    ['Home', '8 px'],
    ['ArrowUp', '14 px'],
  ] as const) {
    await page.keyboard.press(key);
    await until(says, (v) => v === value, key);
  }
  const free = at(page, 'Slider: stops among other values').getByRole('slider', { name: 'Patch size' });
  await free.focus();
  for (const [key, value] of [
    ['ArrowRight', '17 px'],
    ['PageUp', '28 px'],
    ['PageDown', '16 px'],
    ['PageDown', '14 px'],
    ['End', '40 px'],
    ['PageUp', '40 px'],
  ] as const) {
    await page.keyboard.press(key);
    await until(
      () => free.getAttribute('aria-valuetext'),
      (v) => v === value,
      key,
    );
  }
  const box = await free.boundingBox();
  assert.ok(box && box.height >= 44, `the slider is ${box?.height} px high`);
  assert.equal(
    await at(page, 'Slider: stops among other values').getByRole('slider', { name: 'Disabled' }).isDisabled(),
    true,
  );
});

test('a changed shape is told in words, and a chip is a button', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  await at(page, 'Slider: stops only').getByRole('slider', { name: 'Patch size' }).focus();
  await page.keyboard.press('Home');
  const strip = at(page, 'ShapeStrip');
  await strip.getByText('784 patches by 192 patch values').waitFor({ state: 'attached' });
  const chip = strip.locator('[data-tensor="probs"]');
  assert.match((await chip.textContent()) ?? '', /3 heads by 785 tokens by 785 tokens/);
  await chip.focus();
  await page.keyboard.press('Enter');
  await until(
    () => chip.getAttribute('aria-current'),
    (v) => v === 'true',
    'aria-current',
  );
});

test('the patch grid takes the mouse, the finger and the arrow keys', async (ctx) => {
  const page = await ctx.page({ touch: true });
  await open(page, ctx.url('/en/figures/'));
  const grid = at(page, 'PatchGrid').getByRole('application');
  const live = at(page, 'PatchGrid').locator('[aria-live]').last();
  await grid.focus();
  await live.getByText('row 5, column 6: patch 76').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowRight');
  await live.getByText('row 5, column 7: patch 77').waitFor({ state: 'attached' });
  await page.keyboard.press('PageDown');
  await live.getByText('row 13, column 7').waitFor({ state: 'attached' });
  const box = await grid.boundingBox();
  assert.ok(box);
  const cell = box.width / 14;
  await grid.click({ position: { x: 2.5 * cell, y: 1.5 * cell } });
  await live.getByText('row 1, column 2: patch 16').waitFor({ state: 'attached' });
  await grid.tap({ position: { x: 10.5 * cell, y: 4.5 * cell } });
  await live.getByText('row 4, column 10: patch 66').waitFor({ state: 'attached' });
  const [pixelsWide, ratio] = await grid
    .locator('canvas')
    .evaluate((c) => [(c as HTMLCanvasElement).width, c.clientWidth * devicePixelRatio] as const);
  assert.ok(Math.abs(pixelsWide - ratio) <= 1, 'the canvas is as fine as the screen');
  assert.match((await at(page, 'PatchGrid: remainder').textContent()) ?? '', /14 pixels at the right/);
});

test(
  'patches fly and can be turned round; with reduced motion they are there at once',
  async (ctx) => {
    for (const reducedMotion of [false, true]) {
      const page = await ctx.page({ reducedMotion });
      await open(page, ctx.url('/en/figures/'));
      const figure = at(page, 'PatchGrid');
      const canvas = figure.locator('canvas').first();
      const whole = await pixels(canvas);
      const frames = async (choice: string): Promise<number> => {
        await canvas.evaluate((node) => {
          const seen = new Set<string>();
          (window as unknown as { seen: Set<string> }).seen = seen;
          const watch = setInterval(() => seen.add((node as HTMLCanvasElement).toDataURL()), 16);
          setTimeout(() => clearInterval(watch), 900);
        });
        await figure.getByRole('radio', { name: choice }).check();
        await page.waitForTimeout(1000);
        return page.evaluate(() => (window as unknown as { seen: Set<string> }).seen.size);
      };
      const steps = await frames('Rows');
      if (reducedMotion) assert.ok(steps <= 2, `${steps} pictures with reduced motion`);
      else assert.ok(steps > 3, `${steps} pictures while flying`);
      assert.notEqual(await pixels(canvas), whole);
      await figure.getByRole('radio', { name: 'Whole' }).check();
      await until(
        () => pixels(canvas),
        (now) => now === whole,
        'whole again',
      ).catch(() => assert.fail('the picture did not become whole again'));
    }
  },
  { alone: true },
);

test('a pixel and its place in the row have one cursor, in both orders', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const figure = at(page, 'PatchZoom');
  const readout = figure.locator('.readout');
  const field = figure.getByRole('application', { name: /16 by 16 pixels/ });
  await field.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await until(
    () => readout.innerText(),
    (v) => /\[1, 1\]/.test(v) && /→ 17/.test(v),
    'crc, red',
  );
  await page.keyboard.press('g');
  await until(
    () => readout.innerText(),
    (v) => /→ 273/.test(v),
    'crc, green: 256 places on',
  );
  await figure.getByRole('radio', { name: 'row, col, channel' }).check();
  await until(
    () => readout.innerText(),
    (v) => /\[1, 1\]/.test(v) && /→ 52/.test(v),
    'rcc: the same pixel',
  );
  await figure.getByRole('application', { name: /row of 768 values/ }).focus();
  await page.keyboard.press('ArrowRight');
  await until(
    () => readout.innerText(),
    (v) => /→ 53/.test(v),
    'one place on: blue of the same pixel',
  );
  await page.keyboard.press('End');
  await until(
    () => readout.innerText(),
    (v) => /\[15, 15\]/.test(v) && /→ 767/.test(v),
    'the last value',
  );
  // that pixel lies in the synthetic picture's disc, whose colour is 240, 190, 40
  await page.keyboard.press('Home');
  await until(
    () => readout.innerText(),
    (v) => /\[0, 0\]\s+R\s240\s+G\s190\s+B\s40/.test(v),
    'the pixel',
  );
});

test('a tensor is read cell by cell from the keyboard, sliced, enlarged and taken home', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const figure = at(page, 'TensorView: 4 dimensions');
  const plane = figure.getByRole('application');
  const readout = figure.locator('[data-readout]').locator('..');
  await plane.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  const value = (a: number, b: number, i: number, j: number) =>
    Math.fround(Math.cos(a + b) * Math.cos((i - j) / 3));
  const shown = async () => {
    const [index, number] = (await readout.innerText()).split(']');
    return {
      index: (index ?? '').match(/\d+/g)?.map(Number) ?? [],
      value: Number((number ?? '').trim().replace('−', '-')),
    };
  };
  // the first arrow puts the cursor on the first cell
  let now = await until(shown, (s) => s.index.join() === '0,0,2,1', 'index');
  assert.ok(Math.abs(now.value - value(0, 0, 2, 1)) < 1e-5, `${now.value}`);
  await figure.getByRole('slider', { name: 'feature' }).focus();
  await page.keyboard.press('End');
  now = await until(shown, (s) => s.index.join() === '3,0,2,1', 'slice');
  assert.ok(Math.abs(now.value - value(3, 0, 2, 1)) < 1e-5, `${now.value}`);

  const whole = await pixels(plane.locator('canvas'));
  assert.equal(await figure.getByRole('button', { name: 'Reduce' }).isDisabled(), true);
  await plane.focus();
  await page.keyboard.press('+');
  await until(() => figure.getByRole('button', { name: 'Reduce' }).isEnabled(), Boolean, 'enlarged');
  assert.notEqual(await pixels(plane.locator('canvas')), whole);
  await page.keyboard.press('0');
  await until(() => figure.getByRole('button', { name: 'Reduce' }).isDisabled(), Boolean, 'whole');

  const [npy] = await Promise.all([
    page.waitForEvent('download'),
    figure.getByRole('button', { name: /NumPy/ }).click(),
  ]);
  const bytes = await readFile(await npy.path());
  const start = 10 + bytes.readUInt16LE(8);
  assert.equal(bytes.subarray(1, 6).toString('latin1'), 'NUMPY');
  assert.match(bytes.subarray(10, start).toString('latin1'), /'<f4'.*\(4, 3, 16, 16\)/);
  assert.equal(bytes.length - start, 4 * 3 * 16 * 16 * 4);
  const flat = ((3 * 3 + 2) * 16 + 5) * 16 + 9;
  assert.equal(bytes.readFloatLE(start + flat * 4), value(3, 2, 5, 9));

  const [png] = await Promise.all([
    page.waitForEvent('download'),
    figure.getByRole('button', { name: /PNG/ }).click(),
  ]);
  const picture = await readFile(await png.path());
  assert.equal(picture.subarray(1, 4).toString('latin1'), 'PNG');
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1024, 1024]);
});

test('NaN and infinities are counted and marked; empty, coming and constant tensors say so', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  let nan = 0;
  let infinite = 0;
  for (let i = 0; i < 24; i++) {
    for (let j = 0; j < 32; j++) {
      const v = i < 12 ? 1 / (i - j) : Math.sqrt(i - j / 2 - 6);
      if (Number.isNaN(v)) nan++;
      else if (!Number.isFinite(v)) infinite++;
    }
  }
  const legend = at(page, 'TensorView: NaN and infinities').locator('.scale');
  await until(
    () => legend.innerText(),
    (s) => s.includes(`NaN ${nan}`) && s.includes(`±∞ ${infinite}`),
    'legend',
  );
  await at(page, 'TensorView: empty').getByText('This tensor holds no values').waitFor();
  await at(page, 'TensorView: loading').getByText('This tensor is on its way').waitFor();
  assert.equal(await at(page, 'TensorView: loading').locator('figure').getAttribute('aria-busy'), 'true');
  assert.match(await at(page, 'TensorView: constant').locator('.scale').innerText(), /2[\s\S]*3/);
  assert.match(await at(page, 'HeatMapOverlay: wrong grid').innerText(), /196 values do not fill 49 cells/);
});

test('the colours and their legend change with the theme', async (ctx) => {
  const seen: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    const page = await ctx.page({ scheme });
    await open(page, ctx.url('/en/figures/'));
    const figure = at(page, 'TensorView: 4 dimensions');
    await until(() => figure.getByRole('button', { name: /PNG/ }).isEnabled(), Boolean, 'painted');
    seen.push(await pixels(figure.locator('canvas')));
    seen.push(await figure.locator('.bar').evaluate((e) => getComputedStyle(e).backgroundImage));
  }
  assert.notEqual(seen[0], seen[2]);
  assert.notEqual(seen[1], seen[3]);
});

test('a dot product is followed place by place and held against the tensor', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const figure = at(page, 'DotProduct');
  let sum = 0;
  for (let i = 0; i < 768; i++) {
    sum += Math.fround(Math.sin(i / 30) * Math.cos(i / 200)) * Math.fround(0.05 * Math.cos(i / 17 + 1));
  }
  const terms = await figure.locator('dd').allInnerTexts();
  const numbers = terms.map((s) => Number(s.replaceAll('−', '-')));
  assert.ok(Math.abs(numbers[0]! - sum) < 1e-5, terms.join(' '));
  assert.ok(Math.abs(numbers[2]! - (sum + 0.0125)) < 1e-5, terms.join(' '));
  assert.ok(Math.abs(numbers[4]!) < 1e-5 && Math.abs(numbers[4]! - (numbers[2]! - numbers[3]!)) < 1e-5);
  await figure.getByRole('region').focus();
  await page.keyboard.press('End');
  const last = figure.locator('tr.on');
  await until(
    () => last.innerText(),
    (s) => s.startsWith('767'),
    'the last place',
  );
  assert.match(await last.innerText(), /B \[15, 15\]/);
  const running = (await last.locator('td').last().innerText()).replace('−', '-');
  assert.ok(Math.abs(Number(running) - sum) < 1e-4, running);
  assert.ok((await figure.locator('tbody tr').count()) < 40, 'only the rows in view exist');
});

test('a chart has its numbers as a table, and marks the current patch size', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const figure = at(page, 'CostCurve');
  await figure.locator('svg').first().waitFor();
  await figure.getByText('Show as a table').click();
  const row = figure.getByRole('row', { name: /^16 196 38,809/ });
  await row.waitFor();
  const drawing = figure.locator('svg').first();
  const before = await drawing.evaluate((e) => e.outerHTML);
  await figure.getByRole('slider', { name: 'Patch size' }).focus();
  await page.keyboard.press('ArrowRight');
  await until(
    () =>
      figure
        .locator('svg')
        .first()
        .evaluate((e) => e.outerHTML),
    (now) => now !== before,
    'redrawn',
  );
  assert.match((await figure.getByRole('img').getAttribute('aria-label')) ?? '', /At 17 px: 169 tokens/);
});

test('progress is told in bytes and can be cancelled; a note names what to do', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  const bar = at(page, 'Progress').getByRole('progressbar', { name: 'model.safetensors' });
  assert.equal(await bar.getAttribute('aria-valuetext'), '3.1 of 11.4 MB');
  await at(page, 'Progress').getByRole('button', { name: 'Cancel' }).click();
  await until(
    () => bar.getAttribute('aria-valuetext'),
    (v) => v === '0 B of 11.4 MB',
    'cancelled',
  );
  await at(page, 'ErrorNote').getByRole('button', { name: 'Try again' }).click();
  await at(page, 'ErrorNote').getByRole('alert').waitFor();
});

test('the figures show tensors of a running model', async (ctx) => {
  const page = await ctx.page();
  await open(page, ctx.url('/en/figures/'));
  await page.getByRole('radio', { name: 'vit-tiny' }).click();
  const figure = at(page, 'vit-tiny: TensorView').locator('figure.tensor');
  await until(
    () => figure.getAttribute('data-from').catch(() => null),
    (v) => v === 'tensor:blocks.0.attn.probs',
    'tensor',
  );
  await figure.getByText('2 heads by 65 tokens by 65 tokens').waitFor({ state: 'attached' });
  // attention adds up to 1 in each of its 2·65 rows of 65: its mean is 1/65
  await until(
    () => figure.innerText(),
    (s) => s.includes(String(Number((1 / 65).toPrecision(4)))),
    'mean',
  );
  const bars = await at(page, 'vit-tiny: BarList of probs').locator('.value').allInnerTexts();
  assert.equal(bars.length >= 5, true);
});
