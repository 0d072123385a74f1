import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { familyOf, preset, presetNames } from '#lib/models/registry.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from './harness.ts';
import { downloaded, openInspector as open, tensorIs, values } from './inspector.ts';
import { untracedNumerals } from './numerals.ts';

/** What `patchwork onnx models/vit-tiny` writes. */
function onnxOfShell(...options: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  try {
    const out = join(folder, 'm.onnx');
    execFileSync(process.execPath, ['bin/patchwork.js', 'onnx', 'models/vit-tiny', '--out', out, ...options]);
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('shapes of ViT-L open at once, say that they are shapes only, and every number has its origin', async (ctx) => {
  const page = await open(ctx, '?m=vit-l-16');
  await page.locator('[data-live="preset"]').waitFor();
  assert.equal(await page.locator('.left [data-silence]').count(), 1);
  assert.equal(await page.locator('.middle [data-silence]').count(), 1);
  assert.equal(await page.locator('.right [data-silence]').count(), 1);
  assert.deepEqual(await untracedNumerals(page), []);
  assert.ok(
    !ctx.requests.some((r) => /model\.safetensors|\.wasm$/.test(r)),
    'no runtime and no weights are fetched',
  );
});

test('a page whose panes scroll by themselves ends with its footer', async (ctx) => {
  const page = await open(ctx, '?m=vit-tiny&t=blocks.0.attn.probs');
  await page.locator('[data-tensor-pane] figure.tensor[aria-busy="false"]').first().waitFor();
  const below = await page.evaluate(
    () =>
      document.documentElement.scrollHeight -
      scrollY -
      document.querySelector('footer')!.getBoundingClientRect().bottom,
  );
  assert.ok(Math.abs(below) <= 2, `${below} pixels below the footer`);
});

test('the outline is searched by shape and walked by keyboard alone', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16');
  await page.keyboard.press('/');
  await page.keyboard.type('softmax 12x197x197');
  const rows = page.locator('[role="treeitem"]');
  await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 12);
  assert.equal(await rows.first().locator('.name').textContent(), 'blocks.0.attn.probs');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tensorIs(page, 'blocks.1.attn.probs');
  await page.waitForFunction(() => location.search.includes('t=blocks.1.attn.probs'));
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await page.locator('[data-row="t:blocks.1.attn.probs"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.locator('[data-row="b:blocks.1"][aria-expanded="false"]').waitFor();
});

test('outline and drawing are one: a block opened here is open there', async (ctx) => {
  const page = await open(ctx, '?m=vit-ti-16&t=tokens');
  await page.locator('[data-box="blocks.0"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-row="b:blocks.0"][aria-expanded="true"]').waitFor();
  await page.locator('[data-box="blocks.0.attn.q"]').focus();
  await page.keyboard.press('Enter');
  await tensorIs(page, 'blocks.0.attn.q');
});

test('the drawing tells operations apart by colours that its legend names', async (ctx) => {
  const page = await open(ctx, '?m=vit-ti-16&t=tokens', '/en/inspector/', { scheme: 'dark' });
  const kinds = page.locator('[data-legend] li');
  const before = await kinds.count();
  await page.locator('[data-box="blocks.0"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-box="blocks.0.mlp.gelu"][data-operation="activation"]').waitFor();
  // What was drawn before, and the block's norms, its attention and its activation.
  assert.deepEqual([before, await kinds.count()], [4, 6]);
  assert.match(
    (await page.locator('[data-box="blocks.0.mlp.gelu"]').getAttribute('aria-label'))!,
    /activation/,
  );
  const seen = await page.evaluate(() => {
    const stripes = [...document.querySelectorAll('[data-operation]')].map((box) => [
      box.getAttribute('data-operation')!,
      getComputedStyle(box.querySelector('.stripe')!).fill,
    ]);
    const named = [...document.querySelectorAll('[data-legend] i')].map(
      (sign) => getComputedStyle(sign).backgroundColor,
    );
    return { colours: Object.fromEntries(stripes) as Record<string, string>, named };
  });
  assert.deepEqual(Object.values(seen.colours).toSorted(), seen.named.toSorted());
  assert.equal(new Set(seen.named).size, 6);
  const svg = await downloaded(page, () => page.locator('.tools .word').first().click());
  for (const words of await kinds.allTextContents()) assert.ok(svg.bytes.toString().includes(words), words);
});

test('a configuration that cannot be is explained at its slider, and the shapes stay', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16&c=heads:7');
  await page.locator('[data-menu="config"] summary').click();
  const why = page.locator('[data-illegal="heads"]');
  await why.waitFor();
  assert.match((await why.textContent()) ?? '', /width 768 does not divide into 7 heads/);
  assert.match((await page.locator('[data-tensor-pane]').textContent()) ?? '', /197/);
});

test('a link with an illegal configuration shows the named model’s own graph, not another’s', async (ctx) => {
  const page = await open(ctx, '?m=uvit-cifar10&c=heads:5');
  await page.locator('[data-link-note]').waitFor();
  const model = '[data-model]';
  assert.equal(await page.locator(model).inputValue(), 'uvit-cifar10');
  await page
    .getByRole('treeitem', { name: /in_blocks\.0/ })
    .first()
    .waitFor();
  assert.equal(await page.getByRole('treeitem', { name: /^blocks\./ }).count(), 0);
});

for (const [lang, sentences] of [
  [
    'en',
    [/larger than the picture/, /even, half going in/, /1,000,000 patches/, /does not divide into 7 heads/],
  ],
  ['zh', [/比图片的 32 像素还大/, /必须是偶数：一半在输入侧/, /1,000,000 个图像块/, /不能平均分给 7 个头/]],
] as const) {
  test(`every illegal configuration has its sentence at its slider: ${lang}`, async (ctx) => {
    const wrong = [
      ['?m=uvit-s-2-cifar10&c=patch:64', 'patch'],
      ['?m=uvit-s-2-cifar10&c=depth:13', 'depth'],
      ['?m=vit-b-16&c=patch:1~image:1000', 'patch'],
      ['?m=dit-xl-2&c=heads:7', 'heads'],
    ] as const;
    for (const [i, [query, field]] of wrong.entries()) {
      const page = await open(ctx, query, `/${lang}/inspector/`);
      await page.locator('[data-menu="config"] summary').click();
      const why = page.locator(`[data-field="${field}"] [data-illegal]`);
      assert.match((await why.textContent()) ?? '', sentences[i]!);
      assert.ok((await page.locator('[role="treeitem"]').count()) > 5, 'the shapes stay');
      // Beside the menu too, for who does not open it.
      assert.match((await page.locator('[data-link-note]').textContent()) ?? '', sentences[i]!);
      await page.close();
    }
  });
}

test('every model and every published size can be opened from the list', async (ctx) => {
  const page = await open(ctx, '?m=vit-ti-16');
  const names = await page.locator('[data-model] option').allTextContents();
  for (const name of presetNames()) assert.ok(names.includes(name), name);
  for (const name of ['vit-flexi', 'uvit-cifar10', 'uvit-tiny', 'dit-tiny', 'mae', 'mae-tiny']) {
    assert.ok(names.includes(name), name);
  }
  for (const name of ['vit-h-14', 'deit-s-16', 'mae-b-16', 'uvit-h-2-imagenet256', 'dit-xl-2']) {
    await page.locator('[data-model]').selectOption(name);
    const { architecture, config } = preset(name)!;
    const [answer] = familyOf(architecture).answers(config);
    await page.waitForFunction((m) => location.search.includes(`m=${m}`), name);
    await page.locator(`[data-box="${answer}"]`).waitFor({ state: 'attached' });
  }
});

test('costs are those of the paper, and go home as drawing and table', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16&view=cost');
  assert.equal(await page.locator('[data-total="parameters"]').getAttribute('title'), '86,567,656');
  await page.locator('.most [data-to]').first().click();
  await tensorIs(page, 'blocks.0.mlp.fc1');
  for (const figure of ['icicle', 'growth']) {
    const box = page.locator(`[data-exports="${figure}"]`);
    const svg = await downloaded(page, () => box.getByRole('button', { name: /SVG/ }).click());
    assert.match(svg.bytes.toString(), /^<svg[^>]+viewBox="0 0 \d+ \d+"/);
    assert.match(svg.bytes.toString(), /<text[^>]*>Patchwork · Inspector: vit-b-16<.*<a href="http/s);
    const png = await downloaded(page, () => box.getByRole('button', { name: /PNG/ }).click());
    assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
    assert.match(
      png.bytes.toString('latin1'),
      /Source.{0,20}http[^ ]+m=vit-b-16/s,
      'the link is in the file',
    );
  }
  const csv = await downloaded(page, () => page.getByRole('button', { name: /as a table/ }).click());
  assert.match(csv.bytes.toString(), /^size,factor,value,parameters,macs,bytes\r\nimage,0\.25,56,/);
});

test('the drawing is clear of the switch above it, has a small map, and goes home', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16');
  await page.locator('[data-graph] svg').first().waitFor();
  const [bar, graph] = await Promise.all([
    page.locator('.middle .switch').boundingBox(),
    page.locator('[data-graph]').boundingBox(),
  ]);
  assert.ok(bar && graph && bar.y + bar.height <= graph.y + 1);
  const before = await page.locator('[data-graph] [role="application"] > g').getAttribute('transform');
  await page.locator('.map svg').click({ position: { x: 20, y: 160 } });
  await page.waitForFunction(
    (was) =>
      document.querySelector('[data-graph] [role="application"] > g')?.getAttribute('transform') !== was,
    before,
  );
  const svg = await downloaded(page, () => page.locator('.tools .word').first().click());
  assert.match(svg.bytes.toString(), /blocks\.11/);
  const png = await downloaded(page, () => page.locator('.tools .word').last().click());
  assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
});

test(
  'a live tensor: values, the cell’s origin, pins, a second run, exports that read back',
  async (ctx) => {
    const page = await open(
      ctx,
      '?m=vit-tiny&t=blocks.0.attn.probs&device=wasm&b=heads&bcut=0.0&pins=tokens',
    );
    await values(page).waitFor({ timeout: 60_000 });
    await page.locator('[data-pinned="tokens"] canvas').first().waitFor();

    await values(page).click();
    await page.locator('[data-origin] [data-operand="blocks.0.attn.scores"]').waitFor();
    await page.locator('[data-origin] [data-operand="blocks.0.attn.scores"]').click();
    await tensorIs(page, 'blocks.0.attn.scores');

    await page.getByRole('radio', { name: 'Difference' }).check({ force: true });
    await page.locator('[data-row="t:blocks.0.attn.out"]').click();
    await tensorIs(page, 'blocks.0.attn.out');
    await values(page).waitFor({ timeout: 30_000 });

    await page.locator('[data-menu="export"] summary').click();
    const tensors = await downloaded(page, () => page.locator('[data-take="safetensors"]').click());
    const file = parseSafetensors(new Uint8Array(tensors.bytes), tensors.name);
    assert.deepEqual([...file.names()].sort(), ['blocks.0.attn.out', 'tokens']);
    assert.ok(file.float32('tokens').every(Number.isFinite));

    const csv = await downloaded(page, () => page.locator('[data-take="csv"]').click());
    assert.match(csv.bytes.toString(), /^name,kind,shape,dims,op,bytes,macs,parameters\r\n/);
    const onnx = await downloaded(page, () => page.locator('[data-take="onnx"]').click());
    assert.equal(onnx.name, 'vit-tiny.p4.onnx');
    const wanted = ['logits', 'probs', 'blocks.0.attn.out', 'tokens'].join();
    assert.deepEqual(onnx.bytes, onnxOfShell('--tensors', wanted), 'the same bytes as from the shell');
    await page.keyboard.press('Escape');
    const script = await downloaded(page, () => page.locator('[data-take="py"]').click());
    assert.match(script.bytes.toString(), /load_file\("model.safetensors"\)/);
    const inputs = await downloaded(page, () => page.locator('[data-take="inputs"]').click());
    assert.ok(parseSafetensors(new Uint8Array(inputs.bytes), inputs.name).names().includes('expected'));
  },
  { timeout: 150_000 },
);

test('a link with what cannot be opens, and says so', async (ctx) => {
  const page = await open(ctx, '?m=nothing-like-it&pins=a~b~c~d~e', '/zh/inspector/');
  await page.locator('[data-link-note]').waitFor();
  assert.equal(await page.locator('[data-link-note] [role="status"]').count(), 2);
});

test(
  'a tensor too large to fetch says its size and gives one part at a time',
  async (ctx) => {
    const page = await open(ctx, '?m=vit-flexi&p=4&t=blocks.0.attn.scores&device=wasm');
    const large = page.locator('[data-large]');
    assert.match((await large.textContent()) ?? '', /118\.1 MB/);
    // The radio is no part of what is large any more once it is pressed.
    await large.getByRole('radio', { name: '2', exact: true }).click({ force: true });
    await tensorIs(page, 'blocks.0.attn.scores[2]');
    await values(page).waitFor({ timeout: 90_000 });
    await page.waitForFunction(() => decodeURIComponent(location.search).includes('scores[2]'));
    await values(page).click();
    await page.locator('[data-origin] [data-operand="blocks.0.attn.q"]').waitFor();
    assert.match((await page.locator('[data-origin] .box').first().textContent()) ?? '', /^\[2, \d+, :\]$/);
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { timeout: 150_000 },
);

test(
  'a denoiser is fed the state of a sampling run that a link names, any step of it, or a picture again',
  async (ctx) => {
    const page = await open(
      ctx,
      '?m=uvit-tiny&t=prediction&device=wasm&run=ddim&rn=5&rk=2&rw=1.5&reta=0&rclip=1&y=3&seed=5',
    );
    await values(page).waitFor({ timeout: 60_000 });
    await page.locator('[data-menu="run"] summary').click();
    await page.locator('[data-sampled="2"]', { hasText: 'DDIM, 5 steps' }).waitFor();
    const shown = () => page.locator('[data-tensor-pane] [data-from^="tensor:"]').allTextContents();
    const second = await shown();
    await page.getByRole('slider', { name: 'Steps made' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-sampled="3"]').waitFor();
    await page.waitForFunction(() => location.search.includes('rk=3'));
    for (let i = 0; i < 80 && (await shown()).join() === second.join(); i++) await page.waitForTimeout(100);
    assert.notDeepEqual(await shown(), second, 'another state gives other numbers');
    await page.keyboard.press('ArrowLeft');
    for (let i = 0; i < 80 && (await shown()).join() !== second.join(); i++) await page.waitForTimeout(100);
    assert.deepEqual(await shown(), second, 'the same state gives the same numbers');
    assert.deepEqual(await untracedNumerals(page), []);
    await page.getByRole('button', { name: 'Feed a picture with noise instead' }).click();
    await page.waitForFunction(() => !location.search.includes('run='));
    await page.getByRole('slider', { name: 'Time t', exact: true }).waitFor();
  },
  { timeout: 120_000 },
);

test(
  'a denoiser: time, class and noise are the reader’s, in the link, and two times are compared',
  async (ctx) => {
    const page = await open(ctx, '?m=uvit-tiny&t=prediction&device=wasm&at=0.25&y=3&seed=5&b=time&bat=0.75');
    await values(page).waitFor({ timeout: 60_000 });
    const mean = () => page.locator('[data-tensor-pane] [data-from^="tensor:"]').allTextContents();
    await page.locator('[data-menu="run"] summary').click();
    const class3 = await mean();
    assert.equal(await page.locator('[data-feed="class"]').inputValue(), '3');
    assert.match((await page.locator('[data-feed="time"] p').textContent()) ?? '', /fed 249\.8/);
    await page.locator('[data-feed="class"]').selectOption('-1');
    await page.waitForFunction(() => location.search.includes('y=-1'));
    await page.getByRole('slider', { name: 'Time t', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.search.includes('at=0.255'));
    for (let i = 0; i < 80 && (await mean()).join() === class3.join(); i++) await page.waitForTimeout(100);
    assert.notDeepEqual(await mean(), class3, 'another class and time give other numbers');
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Difference' }).check({ force: true });
    await values(page).waitFor({ timeout: 30_000 });
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { timeout: 120_000 },
);

test(
  'an autoencoder: the masking is the reader’s, and in the link',
  async (ctx) => {
    const page = await open(ctx, '?m=mae-tiny&t=reconstruction&device=wasm&keep=0~5~10~15');
    await values(page).waitFor({ timeout: 60_000 });
    const painting = page.locator('[data-painting]');
    await painting.locator('canvas[data-painted="yes"]').nth(2).waitFor({ timeout: 30_000 });
    const errors = () =>
      painting.locator('b').evaluateAll((list) => list.map((e) => parseFloat(e.textContent)));
    const [error = 0, flat = 0] = await errors();
    assert.ok(error > 0 && flat > 0, `${error}, ${flat}`);
    await page.locator('[data-menu="run"] summary').click();
    const seen = page.locator('[data-patch][aria-pressed="true"]');
    const places = () => seen.evaluateAll((list) => list.map((e) => e.getAttribute('data-patch')));
    assert.deepEqual(await places(), ['0', '5', '10', '15']);
    await page.locator('[data-patch="1"]').click();
    assert.deepEqual(await places(), ['1', '5', '10', '15']);
    await page.waitForFunction(() => decodeURIComponent(location.search).includes('keep=5~10~15~1'));
    await page.waitForFunction(
      (old) => parseFloat(document.querySelectorAll('[data-painting] b')[1]!.textContent) !== old,
      flat,
    );
  },
  { timeout: 90_000 },
);

test(
  'two networks in a row: a classifier is fed what an autoencoder paints, and its tensors follow',
  async (ctx) => {
    const page = await open(ctx, '?m=vit-tiny&t=probs&via=mae-tiny&seed=3&device=wasm');
    await values(page).waitFor({ timeout: 90_000 });
    await page.locator('[data-menu="run"] summary').click();
    const three = page.locator('[data-painted-feed="mae-tiny"] [role="radiogroup"]');
    await three.locator('canvas[data-painted="yes"]').nth(2).waitFor({ timeout: 30_000 });
    await page.waitForFunction(
      () => document.querySelectorAll('[data-painted-feed] [data-from="tensor:probs"]').length === 3,
    );
    const said = await three.locator('[data-from="tensor:probs"]').allTextContents();
    for (const text of said) assert.match(text, /^\S.* \d+(\.\d+)? ?%$/);
    // The open tensor is the classifier's for the picture that is chosen.
    const most = () =>
      page.evaluate(() => {
        const pane = document.querySelector('[data-tensor-pane]')!.textContent.replace(/\s+/g, ' ');
        return parseFloat(/min\s*\S+?\s*max\s*([\d.e-]+)/.exec(pane)?.[1] ?? 'NaN');
      });
    for (const [i, which] of ['whole', 'seen', 'painted'].entries()) {
      await page.locator(`[data-shown="${which}"]`).check({ force: true });
      const percent = parseFloat(/([\d.]+) ?%$/.exec(said[i]!)![1]!);
      for (let tries = 0; tries < 60 && Math.abs(100 * (await most()) - percent) > 0.6; tries++)
        await page.waitForTimeout(250);
      assert.ok(Math.abs(100 * (await most()) - percent) <= 0.6, `${which}: ${await most()}, ${said[i]}`);
    }
    // Another masking is another picture; the link says both.
    await page.locator('[data-painted-feed] [data-patch][aria-pressed="false"]').first().click();
    await page.waitForFunction(() => /via=mae-tiny/.test(location.search) && /keep=/.test(location.search));
    assert.deepEqual(await untracedNumerals(page), []);
  },
  { timeout: 180_000 },
);

test(
  'NaN and infinity in a tensor are counted as such',
  async (ctx) => {
    const folder = new URL('../../models/vit-tiny/', import.meta.url);
    const weights = Buffer.from(readFileSync(new URL('model.safetensors', folder)));
    const entry = parseSafetensors(new Uint8Array(weights)).get('norm.bias');
    assert.ok(entry);
    const nan = { F32: [0, 0, 0xc0, 0x7f], F16: [0, 0x7e], BF16: [0xc0, 0x7f] }[entry.dtype];
    weights.set(nan, entry.offset);
    const config = JSON.parse(readFileSync(new URL('config.json', folder), 'utf8')) as {
      files: Record<string, { sha256: string }>;
      config: { image: number; patch: number };
    };
    config.files['model.safetensors']!.sha256 = createHash('sha256').update(weights).digest('hex');
    const page = await ctx.page();
    await page.route('**/vit-tiny/model.safetensors', (route) => route.fulfill({ body: weights }));
    await page.route('**/models/vit-tiny/config.json', (route) => route.fulfill({ json: config }));
    await page.goto(ctx.url('/en/inspector/?m=vit-tiny&t=norm&device=wasm'));
    await values(page).waitFor({ timeout: 60_000 });
    const broken = page.locator('[data-tensor-pane]').getByText('NaN, ±∞').locator('..');
    await page.waitForFunction(() =>
      /NaN, ±∞\s*[1-9]/.test(document.querySelector('[data-tensor-pane]')?.textContent ?? ''),
    );
    const { image, patch } = config.config;
    const tokens = (image / patch) ** 2 + 1;
    assert.match(
      (await broken.textContent()) ?? '',
      new RegExp(`±∞\\s*${tokens}$`),
      'one channel of every token',
    );
  },
  { timeout: 90_000 },
);

test(
  'with the keyboard alone: a tensor is found, its origin followed, pinned, the run changed, a file saved',
  async (ctx) => {
    const page = await open(ctx, '?m=vit-tiny&device=wasm');
    await page.keyboard.press('/');
    await page.keyboard.type('softmax');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tensorIs(page, 'blocks.0.attn.probs');
    await values(page).waitFor({ timeout: 60_000 });
    await page.locator('[data-row="t:blocks.0.attn.probs"]').focus();
    await page.keyboard.press('p');
    await page.locator('[data-pinned="blocks.0.attn.probs"]').waitFor();
    await tabTo(page, '[data-tensor-pane] [role="application"]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-operand="blocks.0.attn.scores"]');
    await page.keyboard.press('Enter');
    await tensorIs(page, 'blocks.0.attn.scores');
    await page.locator('[data-menu="run"] summary').focus();
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-menu="run"] .grid button');
    await page.keyboard.press('Space');
    await page.waitForFunction(() => location.search.includes('cut=0.0'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-take="csv"]');
    const csv = await downloaded(page, () => page.keyboard.press('Enter'));
    assert.match(csv.bytes.toString(), /^name,kind/);
  },
  { timeout: 120_000 },
);

/** Presses Tab until the focus lies on what the selector names. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

test(
  'nothing leaves the machine: every request of a session is the site’s own, and the page’s policy says so',
  async (ctx) => {
    const page = await open(ctx, '?m=vit-tiny&t=blocks.0.attn.probs&device=wasm');
    await values(page).waitFor({ timeout: 60_000 });
    await page.locator('[data-menu="export"] summary').click();
    await downloaded(page, () => page.locator('[data-take="onnx"]').click());
    const origin = new URL(ctx.base).origin;
    const asked = ctx.requests.filter((url) => !/^(data|blob):/.test(url));
    assert.ok(asked.length > 10);
    assert.deepEqual(
      asked.filter((url) => new URL(url).origin !== origin),
      [],
    );
    const policy = await page
      .locator('meta[http-equiv="content-security-policy"]')
      .getAttribute('content', { timeout: 2000 })
      .catch(() => null);
    // A development server sends none; the built page does.
    if (policy === null)
      return assert.ok(
        ctx.requests.some((url) => url.includes('/@vite/')),
        'the built page has one',
      );
    assert.match(policy, /default-src 'self'/);
    assert.match(
      policy,
      /connect-src 'self' blob: data: https:\/\/huggingface\.co https:\/\/\*\.hf\.co(;|$)/,
    );
    const refused = await page.evaluate(() =>
      fetch('http://127.0.0.2:9/').then(
        () => 'answered',
        (error: unknown) => String(error),
      ),
    );
    assert.match(refused, /Failed to fetch/);
    ctx.allow(/127\.0\.0\.2/);
  },
  { timeout: 90_000 },
);
