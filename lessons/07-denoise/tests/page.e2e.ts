import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { openLesson, queryHas } from '#tests/e2e/lesson.ts';

const LESSON = '/en/07-denoise/';
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/07-denoise/tests/golden.safetensors')));
const known = (name: string) => golden.float32(name);
const number = (text: string | null | undefined) =>
  parseFloat((text ?? '').replace(/^\D*?([−-]?\d)/, '$1').replaceAll('−', '-'));
const rms = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
function near(shown: number, expected: number, what: string, most = 1e-3): void {
  assert.ok(Math.abs(shown - expected) <= most, `${what}: ${shown} on the page, ${expected} in PyTorch`);
}

/** Opens the lesson and waits until its pictures are painted, and so its controls answer. */
async function open(ctx: TestContext, query = ''): Promise<Page> {
  const page = await openLesson(ctx, `${LESSON}?v=1&device=wasm${query && `&${query}`}`);
  await page.locator('.stage canvas[data-painted="yes"]').first().waitFor();
  return page;
}
/** Waits until the run on the stage has made all its steps. */
const done = (page: Page) => page.locator('[data-run="done"]').waitFor({ timeout: 60_000 });
/** The root of the mean square that stands above a picture. */
const above = async (page: Page, label: string) =>
  number(await page.locator('.stage figure', { hasText: label }).locator('figcaption b').textContent());
const step = (page: Page) => page.locator('[data-step-shown]').getAttribute('data-step-shown');
const stepIs = (page: Page, k: number) => page.locator(`[data-step-shown="${k}"]`).waitFor();
const view = (page: Page, name: string) =>
  page.getByRole('radio', { name, exact: true }).check({ force: true });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const scrub = (page: Page, at: number) => page.getByRole('slider', { name: 'Step on show' }).fill(String(at));

test(
  'a run begins by itself; its states are PyTorch’s, stepped through, scrubbed, played again, given up',
  async (ctx) => {
    const page = await open(ctx);
    await done(page);
    await stepIs(page, 20);
    near(await above(page, 'x₀, finished'), known('rms')[20]!, 'the finished picture');
    const each = known('eps').length / 2;
    for (const [i, k] of [0, 10].entries()) {
      await scrub(page, k);
      await stepIs(page, k);
      near(await above(page, 'xₜ, the state'), known('rms')[k]!, `x at ${k}`);
      near(await above(page, 'ε̂, the noise'), rms(known('eps').slice(i * each, (i + 1) * each)), `ε̂ at ${k}`);
      near(
        await above(page, 'x̂₀, the picture'),
        rms(known('x0').slice(i * each, (i + 1) * each)),
        `x̂0 at ${k}`,
      );
    }
    await queryHas(page, 'k=10');
    // What the film marks is the state on show, also where that is none of the evenly spread ones.
    for (const k of [8, 7, 13, 10]) {
      await scrub(page, k);
      await stepIs(page, k);
      const marked = page.locator('.film [data-frame][aria-pressed="true"]').first();
      assert.match((await marked.textContent())!, new RegExp(`t ${(1 - k / 20).toFixed(2)}`));
    }
    // One pixel, its three colours, as printed to two decimals.
    const pixel = await page.locator('.stage [data-pixel]').textContent();
    const shown = pixel!.split(',').map(number);
    const plane = each / 3;
    shown.forEach((v, c) => near(v, known('states')[each + c * plane + 16 * 32 + 16]!, `channel ${c}`, 6e-3));
    await button(page, 'One step on').click();
    await stepIs(page, 11);
    await button(page, 'One step back').click();
    await stepIs(page, 10);
    await button(page, 'Show all steps again').click();
    await stepIs(page, 20);
    await button(page, 'Give up this run').click();
    await page.locator('[data-run="idle"]').waitFor();
    assert.equal(await step(page), '0');
    await button(page, 'One step on').click();
    await stepIs(page, 1);
    await button(page, 'Run all steps').click();
    await done(page);
    near(await above(page, 'x₀, finished'), known('rms')[20]!, 'after giving up and going on');
  },
  { timeout: 120_000, motion: true },
);

test(
  'every setting makes another run and goes into the link',
  async (ctx) => {
    const page = await open(ctx, 'n=5');
    await done(page);
    /** The finished picture, as it is painted. */
    const painted = () =>
      page.evaluate(() => {
        const figure = [...document.querySelectorAll('.stage figure')].find((f) =>
          f.textContent.includes('x₀, finished'),
        );
        const canvas = document.querySelector('[data-run="done"]') && figure?.querySelector('canvas');
        return canvas ? canvas.toDataURL() : '';
      });
    let before = await painted();
    const changes = async (what: string, part: string) => {
      await queryHas(page, part);
      for (let i = 0; i < 200; i++) {
        const now = await painted();
        if (now && now !== before) return void (before = now);
        await page.waitForTimeout(100);
      }
      assert.fail(`${what}: the picture is the same`);
    };
    await page.locator('[data-field="c"] select').selectOption({ label: 'ship' });
    await changes('class', 'c=8');
    await button(page, 'Another noise').click();
    await changes('seed', 'seed=45');
    await page.getByRole('slider', { name: 'Guidance w' }).fill('5');
    await changes('guidance', 'w=5');
    await page.getByRole('slider', { name: 'Noise η' }).fill('1');
    await changes('eta', 'eta=1');
    // DDPM is DDIM with η = 1, so it does not come first.
    for (const sampler of ['euler', 'heun', 'dpmpp-2m', 'sde', 'ddpm']) {
      await page.locator('[data-field="m"] select').selectOption(sampler);
      await changes(sampler, `m=${sampler}`);
    }
    await page.getByRole('checkbox', { name: 'clip x̂₀' }).uncheck();
    await changes('clip', 'clip=0');
    await page.getByRole('slider', { name: 'Steps', exact: true }).fill('8');
    await changes('steps', 'n=8');
    await page.locator('[data-field="c"] select').selectOption({ label: 'no class' });
    await changes('no class', 'c=-1');
  },
  { timeout: 120_000 },
);

test(
  'samplers side by side with a reference that can be stopped; guidance as PyTorch has it',
  async (ctx) => {
    const page = await open(ctx, 'view=few');
    const notes = page.locator('.few .rows > :first-child [data-frame]');
    await notes.nth(5).waitFor();
    await page.locator('[data-reference="running"]').waitFor({ timeout: 60_000 });
    await page.locator('.few canvas[data-painted="yes"]').nth(6).waitFor();
    await button(page, 'Stop').click();
    await page.locator('[data-reference="idle"]').waitFor();
    await button(page, 'Compute the rest').waitFor();
    await view(page, 'Step counts');
    await page.locator('[data-frame="50"]').waitFor();
    await queryHas(page, 'row=steps');

    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=guide&k=10`));
    await stepIs(page, 10);
    await page.locator('.guide [data-frame="8"]', { hasText: '%' }).waitFor({ timeout: 60_000 });
    await page.locator('.guide figcaption b', { hasText: 'rms' }).nth(2).waitFor();
    for (const [i, label] of ['none, ε∅', 'class, εc', 'difference'].entries())
      near(await above(page, label), known('guide.rms')[i]!, label);
    for (const [i, w] of [0, 1, 2, 4, 8].entries()) {
      const frame = page.locator(`.guide [data-frame="${w}"]`);
      const share = number(await frame.locator('small').textContent());
      near(share / 100, known('saturated')[i]!, `saturated at w ${w}`, 5e-3);
      await frame.click();
      assert.equal(await frame.getAttribute('aria-pressed'), 'true');
    }
  },
  { timeout: 120_000 },
);

test(
  'a run from a picture, around a hole, and between two noises',
  async (ctx) => {
    const page = await open(ctx, 'view=picture&n=5&w=1');
    await done(page);
    const off = page.locator('.own p', { hasText: 'away from it' });
    const far = number(await off.textContent());
    await page.getByRole('slider', { name: 'Begin at t' }).fill('0.1');
    await queryHas(page, 't=0.1');
    await page.waitForFunction((old) => {
      const said = [...document.querySelectorAll('.own p')].find((p) =>
        p.textContent.includes('away from it'),
      );
      return said && !said.textContent.includes(old);
    }, far.toFixed(3));
    await done(page);
    assert.ok(number(await off.textContent()) < far, 'an early beginning keeps more of the picture');

    await view(page, 'Fill in');
    const holes = page.locator('[data-holes]');
    await page.locator('[data-holes="4"]').waitFor();
    await holes.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('[data-holes="5"]').waitFor();
    await done(page);
    for (const [name, count] of [
      ['The lower half', 32],
      ['Keep all', 0],
      ['The middle', 4],
    ] as const) {
      await button(page, name).click();
      await page.locator(`[data-holes="${count}"]`).waitFor();
    }
    await queryHas(page, 'view=paint');

    await view(page, 'Between');
    await page.locator('.between [data-run="done"]').waitFor({ timeout: 60_000 });
    const said = await page.locator('.between p', { hasText: 'half' }).last().textContent();
    const [degrees, arc, straight] = said!.match(/\d+\.\d+/g)!.map(Number);
    near(degrees!, known('arc')[0]!, 'angle', 0.06);
    near(arc!, known('arc')[1]!, 'half way on the arc');
    near(straight!, known('arc')[2]!, 'half way on the line');
    await button(page, 'Another second noise').click();
    await queryHas(page, 'seed2=47');
  },
  { timeout: 120_000 },
);

test(
  'ten classes from one noise are as alike as PyTorch’s, ten noises of one class less',
  async (ctx) => {
    const page = await open(ctx, 'view=classes');
    const alike = async (ten: string) => {
      await page.locator('.ten [data-run="done"]').waitFor({ timeout: 60_000 });
      near(number(await page.locator('[data-alike]').textContent()), known(`ten.${ten}`)[0]!, ten, 0.006);
    };
    await page.locator('.ten [data-frame="9"]', { hasText: 'truck' }).waitFor();
    await alike('classes');
    await view(page, 'ten noises');
    await page.locator('.ten [data-frame="9"]', { hasText: 'seed 53' }).waitFor();
    await alike('noises');
    await queryHas(page, 'ten=noises');
  },
  { timeout: 120_000 },
);

test('the toy shows the numbers of the oracle', async (ctx) => {
  const page = await ctx.page({ reducedMotion: true });
  await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&view=toy&toy=one&n=20`));
  const stat = async (name: string) => number(await page.locator(`[data-stat="${name}"] b`).textContent());
  await page.locator('[data-stat="law"]').waitFor();
  // The deviations that src/lib/diffusion/math/oracle.test.ts bounds, in percent.
  for (const [sampler, deviation] of [
    ['ddim', 13.76],
    ['heun', 0.01],
    ['dpmpp-2m', 1.4],
    ['sde', 6.19],
    ['ddpm', 21.7],
    ['euler', 1.88],
  ] as const) {
    await page.locator('[data-field="m"] select').selectOption(sampler);
    await queryHas(page, sampler === 'ddim' ? 'toy=one' : `m=${sampler}`);
    await page.waitForFunction((expected) => {
      const text = document.querySelector('[data-stat="law"] b')?.textContent ?? '';
      return Math.abs(Math.abs(parseFloat(text.replace('−', '-'))) - expected) < 0.011;
    }, deviation);
  }
  assert.ok(Math.abs((await stat('spread')) - (await stat('law'))) < 4);
  await view(page, 'A ring');
  await page.locator('[data-stat="share"]').waitFor();
  await page.locator('[data-stat="off"]').waitFor();
  await page.getByRole('slider', { name: 'Way' }).fill('0.5');
  await page.getByRole('checkbox', { name: 'flow' }).uncheck();
  await button(page, 'Let them run').click();
  await page.locator('[data-toy="ready"]').waitFor();
});

test(
  'links: a bad one says what it could not use, a good one stands at its step, a closed tab leaves nothing behind',
  async (ctx) => {
    const page = await open(ctx, 'n=0&m=plms&t=1.7');
    const note = page.locator('[data-link-note]');
    for (const part of [/n = “0”/, /m = “plms”/, /t = “1.7”/]) await note.getByText(part).waitFor();
    await done(page);
    await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&n=100&k=60`));
    await page.locator('[data-run="running"]').waitFor({ timeout: 60_000 });
    await page.close();
    const again = await open(ctx, 'n=10&k=4');
    await done(again);
    await stepIs(again, 4);
    await again.locator('[data-tensor="prediction"]').first().click();
    await again.locator('[data-drawer="prediction"]').getByText('3,072').first().waitFor();
  },
  { timeout: 120_000 },
);

test('the exercises know their answers from the graph and from the run', async (ctx) => {
  const page = await open(ctx, 's=guide');
  const form = page.locator('[data-exercise]', { hasText: 'pictures are wanted' });
  for (const [i, n] of [10, 3, 32, 32].entries()) await form.getByRole('textbox').nth(i).fill(String(n));
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="right"]').waitFor();

  // The next state by hand, from the numbers of the question. Opened at its step: passing others on the way sets the stage.
  await page.goto(ctx.url(`${LESSON}?v=1&device=wasm&s=loop`));
  await done(page);
  const step = page.locator('[data-exercise]', { hasText: 'What is x_s?' });
  const question = (await step.locator('.question').textContent())!.replaceAll('−', '-');
  const [x0, eps, signal, noise] = [...question.matchAll(/= (-?\d+\.\d+)/g)].map((m) => Number(m[1]));
  // The weights exchanged: a usual mistake, and told as one.
  await step.getByRole('textbox').fill((noise! * x0! + signal! * eps!).toFixed(3));
  await step.getByRole('button', { name: 'Check' }).click();
  await step.getByText('weights are exchanged').waitFor();
  await step.getByRole('textbox').fill((signal! * x0! + noise! * eps!).toFixed(3));
  await step.getByRole('button', { name: 'Check' }).click();
  await step.locator('[data-verdict="right"]').waitFor();
});
