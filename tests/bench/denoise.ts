import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { prepareModel } from '#lib/runtime/prepare.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { launch } from './chromium.ts';
import type { DenoiseTimes } from './denoise-node.ts';
import { pythonWithOrt } from './forward.ts';
import { bounded, median, ms, times, type Row } from './table.ts';

const MODEL = 'uvit-cifar10';
const GROUP = `One step of ${MODEL}, batch 2 for guidance`;
const PAGE = 'Lesson 7 (built site, Chromium)';
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function inNode(threads: number): DenoiseTimes {
  const script = join('tests', 'bench', 'denoise-node.ts');
  const done = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, String(threads)], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`denoise-node.ts: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as DenoiseTimes;
}

/** Milliseconds of a pass of native onnxruntime on the same graph; undefined where there is none. */
function native(threads: number): { version: string; pass: number } | undefined {
  const python = pythonWithOrt();
  if (!python) return undefined;
  const read = (file: string) => new Uint8Array(readFileSync(join('models', MODEL, file)));
  const model = parseModelConfig(new TextDecoder().decode(read('config.json')));
  const weights = bindWeights(parseSafetensors(read('model.safetensors')), model);
  const { encoded } = prepareModel(weights, model, { batch: 2, outputs: ['prediction'] });
  const folder = join('.cache', 'bench', 'denoiser');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), encoded.model);
  for (const { path, data } of encoded.externalData) writeFileSync(join(folder, path), data);
  const script = join('tests', 'bench', 'native_denoiser.py');
  const done = spawnSync(python, [script, String(threads), '60', join(folder, 'model.onnx')], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`native_denoiser.py: ${done.stderr}`);
  const { version, pass } = JSON.parse(done.stdout) as { version: string; pass: number[] };
  return { version, pass: median(pass) };
}

/** Main-thread milliseconds of each of many scrubs: script, layout and painting of three pictures and the film. */
function scrub(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>('[data-run] input[type="range"]')!;
    const took: number[] = [];
    const most = Number(slider.max);
    for (let i = 0; i < 120; i++) {
      await new Promise((frame) => requestAnimationFrame(frame));
      const to = (i * 7) % (most + 1);
      const began = performance.now();
      slider.value = String(to);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      while (document.querySelector('[data-step-shown]')?.getAttribute('data-step-shown') !== String(to))
        await Promise.resolve();
      for (let k = 0; k < 5; k++) await Promise.resolve();
      void document.body.offsetHeight;
      took.push(performance.now() - began);
    }
    return took.slice(20);
  });
}

/** Main-thread milliseconds of one drawing of the toy's points, as the page says it after a whole way. */
async function toy(page: Page): Promise<number> {
  await page.locator('[data-toy="playing"]').waitFor({ timeout: 60_000 });
  await page.locator('[data-toy="ready"]').waitFor({ timeout: 60_000 });
  return Number(await page.locator('[data-frame-ms]').getAttribute('data-frame-ms'));
}

async function inChromium(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const browser = await launch();
  const url = `http://localhost:${server.port}${basePath()}/en/07-denoise/?v=1&device=wasm`;
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}&n=50`);
    await page.locator('[data-run="done"]').waitFor({ timeout: 120_000 });
    const frames = await scrub(page);
    await page.goto(`${url}&view=toy`);
    const drawing = await toy(page);
    return [
      bounded(PAGE, 'a frame of scrubbing through 50 kept steps, median of 100', median(frames), 16, ms),
      bounded(PAGE, 'a drawing of the toy, 3,000 points, density, flow and paths', drawing, 16, ms),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Sampling: a step, what the loop adds, what attention adds, memory; scrubbing and the toy in the page. */
export async function measureDenoise(): Promise<Row[]> {
  const threads = 2;
  const node = inNode(threads);
  const group = `${GROUP}, WASM in Node, ${threads} threads`;
  const own = native(threads);
  const beside: Row = own
    ? bounded(
        group,
        `over onnxruntime ${own.version} in Python (${ms(own.pass)})`,
        node.pass / own.pass,
        4,
        times,
      )
    : { group, what: 'onnxruntime in Python', value: 'not here' };
  return [
    bounded(group, 'a step of the loop', node.step, 150, ms),
    { group, what: 'a bare pass of the session', value: ms(node.bare) },
    beside,
    bounded(group, 'a step over a bare pass', node.overhead, 1.1, times),
    bounded(
      group,
      'a step that fetches one layer’s attention, over one that does not',
      node.attention,
      1.3,
      times,
    ),
    bounded(
      group,
      'memory after 500 steps over after 150, beside the kept states',
      node.at500 / node.at150,
      1.1,
      times,
    ),
    {
      group,
      what: 'the whole process, WebAssembly’s memory included: the same two',
      value: times(node.whole500 / node.whole150),
    },
    bounded(group, 'states kept of 500 steps', node.kept, 10e6, megabytes),
    ...(await inChromium()),
  ];
}
