import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { pythonName } from '#lib/graph/torch-lines.ts';
import { torchScript } from '#lib/graph/torch.ts';
import { graphOf, withVariant, type Blueprint } from '#lib/models/registry.ts';
import { test } from './harness.ts';
import { queryHas } from './lesson.ts';
import { lessonsToTest } from './pages.ts';
import { layoutFaults } from './windows.ts';

/** Waits until the slide show is at this step, with no other step in sight. */
async function atStep(page: Page, id: string): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll<HTMLElement>('[data-step]')]
        .filter((step) => step.checkVisibility())
        .map((step) => step.dataset['step'])
        .join() === wanted,
    id,
  );
}

/** The browser does not give its screen: its window then has the size a test gives it. */
async function withoutScreen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    HTMLElement.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'));
  });
}

test(
  'slide show: keys go through the steps, a control keeps its keys, and the page comes back as it was',
  async (ctx) => {
    const page = await ctx.page({ width: 1280, height: 720, reducedMotion: true });
    await withoutScreen(page);
    await page.goto(ctx.url('/en/01-patches/?v=1&s=cut'));
    await page.locator('main[data-listens]').waitFor();
    await page.locator('[data-step="cut"].on').waitFor();
    await page.evaluate(() => scrollBy({ top: 40, behavior: 'instant' }));
    const stood = await page.evaluate(() => scrollY);
    await page.locator('.stage [data-show]').click();
    const show = page.locator('main[data-presenting]');
    await show.waitFor();
    await queryHas(page, 'present=1');
    const slider = page.getByRole('slider', { name: 'Patch size' });
    const walk = [
      ['ArrowRight', 'rest'],
      ['PageDown', 'patch'],
      ['Space', 'rows'],
      ['PageUp', 'patch'],
      ['ArrowLeft', 'rest'],
      ['End', 'end'],
      ['ArrowRight', 'end'],
      ['Home', 'numbers'],
      ['n', 'cut'],
    ] as const;
    await atStep(page, 'cut');
    for (const [key, step] of walk) {
      await page.keyboard.press(key);
      await atStep(page, step);
      if (step === 'rest') assert.equal(await slider.inputValue(), '30');
    }
    assert.equal(await page.locator('[data-present] b').textContent(), '2 of 12');

    // The slider has the arrow keys until Escape takes the focus from it; the second Escape ends the slide show.
    const before = Number(await slider.inputValue());
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await atStep(page, 'cut');
    assert.equal(Number(await slider.inputValue()), before + 1);
    await page.keyboard.press('Escape');
    await show.waitFor();
    await page.keyboard.press('b');
    assert.equal(Number(await slider.inputValue()), before);
    await page.keyboard.press('Escape');
    await show.waitFor({ state: 'detached' });
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 1, stood);
    await page.waitForFunction(() => !location.search.includes('present'));
    await page.waitForFunction(() => document.activeElement?.matches('.stage [data-show]'));

    // Ended at another step, with the stage changed by hand, the page is there, and stays so.
    await page.keyboard.press('s');
    await show.waitFor();
    await page.keyboard.press('End');
    await atStep(page, 'end');
    await slider.fill('28');
    await slider.blur();
    await page.keyboard.press('Escape');
    await show.waitFor({ state: 'detached' });
    await page.waitForFunction(() => {
      const { top, bottom } = document.getElementById('end')!.getBoundingClientRect();
      return top < innerHeight * 0.4 && bottom > innerHeight * 0.4;
    });
    await queryHas(page, 's=end');
    await page.waitForTimeout(400);
    assert.equal(await page.locator('.step.on').getAttribute('data-step'), 'end');
    assert.equal(await slider.inputValue(), '28');
  },
  { timeout: 120_000 },
);

test('slide show: a link opens it in Chinese, whole in each window, with buttons that go away', async (ctx) => {
  const page = await ctx.page({ width: 1280, height: 720, reducedMotion: true, scheme: 'dark' });
  await withoutScreen(page);
  await page.goto(ctx.url('/zh/03-attention/?v=1&s=softmax&present=1'));
  await page.locator('main[data-presenting]').waitFor();
  await atStep(page, 'softmax');
  await page.mouse.move(900, 400);
  await page.getByRole('button', { name: '下一步' }).click();
  await atStep(page, 'mix');
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
    [844, 390],
  ] as const) {
    await page.setViewportSize({ width, height });
    const faults = (await layoutFaults(page)).map(({ kind, what }) => `${width}: ${kind}: ${what}`);
    assert.deepEqual(faults, []);
    const boxes = await page.evaluate(() => {
      const of = (css: string) => document.querySelector(`main > ${css}`)!.getBoundingClientRect();
      const [stage, head, prose, way] = ['.stage', '[data-present]', 'article', 'nav'].map(of);
      const step = document.querySelector('.step.on')!.getBoundingClientRect();
      return {
        besides: stage!.right <= prose!.left && head!.bottom <= prose!.top && prose!.bottom <= way!.top,
        inside: way!.bottom <= innerHeight && step.right <= prose!.right && step.left >= prose!.left,
        share: stage!.width / innerWidth,
        sideways:
          document.querySelector('article')!.scrollWidth - document.querySelector('article')!.clientWidth,
      };
    });
    assert.ok(boxes.besides && boxes.inside && boxes.sideways <= 0, `${width}: ${JSON.stringify(boxes)}`);
    assert.ok(boxes.share > 0.52 && boxes.share < 0.7, `${width}: the stage has ${boxes.share} of the width`);
  }
  // The pointer rests, and its buttons go; it moves, and they are there.
  const next = page.locator('[data-next]');
  const opacity = (wanted: string) =>
    page.waitForFunction(
      (o) => getComputedStyle(document.querySelector('[data-next]')!).opacity === o,
      wanted,
    );
  await opacity('0');
  await page.mouse.move(700, 300);
  await opacity('1');
  await next.focus();
  await page.getByRole('button', { name: '结束放映' }).click();
  await page.locator('main[data-presenting]').waitFor({ state: 'detached' });
  await page.locator('[data-step="mix"].on').waitFor();
});

test('slide show: the words of charts are as large as the words around them', async (ctx) => {
  const page = await ctx.page({ width: 1920, height: 1080 });
  const smallest = () =>
    page.evaluate(() =>
      Math.min(
        ...[...document.querySelectorAll<SVGTextElement>('.stage .chart text')].map((text) => {
          const { a, b } = text.getScreenCTM()!;
          return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
        }),
      ),
    );
  const link = '/en/10-cheaper-attention/?v=1&view=bill';
  await page.goto(ctx.url(link));
  await page.locator('.stage .chart text').first().waitFor();
  assert.ok((await smallest()) < 14);
  await page.goto(ctx.url(`${link}&present=1`));
  await page.locator('main[data-presenting] .stage .chart text').first().waitFor();
  await page.waitForFunction(() => {
    const drawing = document.querySelector<SVGElement>('.stage .chart svg')!;
    return (
      drawing.getBoundingClientRect().width > 1.1 * Number(drawing.getAttribute('viewBox')!.split(' ')[2])
    );
  });
  assert.ok((await smallest()) >= 14, `${await smallest()} px`);
  // The drawing still fills its place, and no more.
  const wide = await page.evaluate(() => {
    const place = document.querySelector('.stage .chart')!;
    return place.querySelector('svg')!.getBoundingClientRect().width / place.clientWidth;
  });
  assert.ok(Math.abs(wide - 1) < 0.01, `${wide} of its place`);
});

test('slide show: with the screen, which Escape gives back', async (ctx) => {
  const page = await ctx.page({ width: 1280, height: 720, reducedMotion: true });
  await page.goto(ctx.url('/en/06-noise/'));
  await page.locator('main[data-listens]').waitFor();
  await page.locator('article [data-show]').click();
  await page.locator('main[data-presenting]').waitFor();
  await page.waitForFunction(() => document.fullscreenElement === document.documentElement);
  await page.keyboard.press('ArrowRight');
  await atStep(page, 'jump');
  // What lies on top takes Escape first: the list of keys, and the open tensor.
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.waitFor();
  assert.ok((await keys.locator('kbd').allTextContents()).includes('s'));
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  await page.locator('.strip [data-tensor="x_t"]').click();
  await page.locator('[data-drawer="x_t"]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-drawer]').waitFor({ state: 'detached' });
  await page.locator('main[data-presenting]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('main[data-presenting]').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.fullscreenElement === null);
  await page.locator('[data-step="jump"].on').waitFor();
});

/** What a panel of lines shows. */
interface Shown {
  readonly name: string;
  readonly text: string;
  /** Where its link to the inspector leads. */
  readonly href: string;
}

test(
  'as PyTorch: the lines of every step are those of the script of its tensor, and are copied',
  async (ctx) => {
    const page = await ctx.page({ reducedMotion: true });
    await ctx.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    // The lines need no weights: they never come, and no model takes the time of the next page.
    ctx.fault(/model\.safetensors$/, () => undefined);
    const counts: Record<string, number> = {};
    for (const { slug } of await lessonsToTest()) {
      await page.goto(ctx.url(`/en/${slug}/?v=1`));
      await page.locator('main[data-listens]').waitFor();
      const shown = await page.evaluate(async (): Promise<Shown[]> => {
        const panels = [...document.querySelectorAll<HTMLDetailsElement>('[data-as-torch]')];
        for (const panel of panels) panel.open = true;
        const waiting = () => panels.some((panel) => !panel.querySelector('pre, [data-instead]'));
        while (waiting()) await new Promise((done) => setTimeout(done, 20));
        return panels.map((panel) => ({
          name: panel.dataset['asTorch']!,
          text: panel.querySelector('pre')!.textContent,
          href: panel.querySelector<HTMLAnchorElement>('a[data-inspect]')!.href,
        }));
      });
      counts[slug] = shown.length;
      for (const { name, text, href } of shown) {
        const query = new URL(href).searchParams;
        const of = JSON.parse(readFileSync(`models/${query.get('m')}/config.json`, 'utf8')) as Blueprint;
        const patch = query.get('p');
        const graph = graphOf(patch ? withVariant(of, { patch: Number(patch) }) : of);
        const names = new Map(graph.tensorNames().map((tensor) => [pythonName(tensor), tensor]));
        const given = [...text.matchAll(/^# given: (\w+) /gm)].map(([, variable]) => names.get(variable!)!);
        const script = torchScript(graph, name, {
          title: slug,
          given: given.filter((tensor) => graph.value(tensor).kind === 'node'),
        });
        assert.deepEqual(script.inputs.toSorted(), given.toSorted(), `${slug}, ${name}`);
        const bare = (code: string) =>
          code
            .split('\n')
            .filter((line) => / = /.test(line) && !line.startsWith('#'))
            .map((line) => line.replace(/ {2}#.*$/, ''));
        const lines = bare(text);
        assert.ok(
          lines.length > 0 && bare(script.code).join('\n').includes(lines.join('\n')),
          `${slug}, ${name}`,
        );
        assert.ok(text.includes(`${pythonName(name)} = `), `${slug}, ${name}`);
        const { shape } = graph.value(name);
        const [, sizes = ''] = text.trimEnd().split('\n').at(-1)!.split('  # ');
        assert.deepEqual(
          [...sizes.matchAll(/(\d+)[,\]]/g)].map(([, n]) => Number(n)),
          shape,
        );
        // What the link leads to makes everything: the last tensor of the graph.
        assert.equal(query.get('t'), graph.tensorNames().at(-1));
      }
      if (slug !== '01-patches') continue;
      const project = page.locator('[data-step="project"]');
      await project.locator('[data-copy-lines]').click();
      await project.getByRole('button', { name: 'Copied' }).waitFor();
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        shown.find(({ name }) => name === 'patch_embed')!.text,
      );
      // The lines follow the patch size.
      await page.getByRole('slider', { name: 'Patch size' }).fill('8');
      await project.locator('pre', { hasText: 'N=784' }).waitFor();
    }
    // Every lesson on a network has such steps; noise by itself has none.
    const without = Object.keys(counts).filter((slug) => counts[slug] === 0);
    assert.deepEqual(without, ['06-noise']);
  },
  { ownContext: true, timeout: 120_000 },
);
