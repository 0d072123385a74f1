import { chromium } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { findChromium, findShell, FLAGS } from '../../scripts/lib/chromium.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { processorTime } from '../e2e/processor.ts';
import { median, ms, type Row } from './table.ts';

const GROUP = 'Processor time of a fresh reader of lesson 1, all processes of the browser, median of 3';
const ROUNDS = 3;
/** What one reader costs, stage by stage, in one browser. */
async function costs(executablePath: string, url: string): Promise<readonly number[]> {
  const server = await chromium.launchServer({ executablePath, args: FLAGS, headless: true });
  const { pid } = server.process();
  const browser = await chromium.connect(server.wsEndpoint());
  const taken: number[] = [];
  let before = 0;
  const stage = () => {
    const now = processorTime(pid!);
    taken.push(now - before);
    before = now;
  };
  try {
    stage();
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    stage();
    await page.goto(url);
    stage();
    await page.locator('[data-model-line="ready"]').waitFor({ timeout: 120_000 });
    stage();
    return taken;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What a fresh reader costs the end-to-end tests, in Chromium's headless mode and in the headless shell. */
export async function measureReader(): Promise<Row[]> {
  if (process.platform !== 'linux') return [{ group: GROUP, what: 'read from /proc', value: 'Linux alone' }];
  if (!ensureBuild()) throw new Error('the site could not be built');
  const site = await listen(siteHandler({ base: basePath() }));
  const url = `http://localhost:${site.port}${basePath()}/en/01-patches/?device=wasm`;
  const rows: Row[] = [];
  try {
    for (const [name, path] of [
      ['Chromium', findChromium()],
      ['headless shell', findShell()],
    ] as const) {
      if (!path) {
        rows.push({ group: GROUP, what: name, value: 'not here' });
        continue;
      }
      const rounds: (readonly number[])[] = [];
      for (let i = 0; i < ROUNDS; i++) rounds.push(await costs(path, url));
      const stages = [
        'start of the browser',
        'a context with an empty page',
        'the lesson, until `load`',
        'from there until the model has answered (WASM)',
      ];
      stages.forEach((what, i) =>
        rows.push({ group: GROUP, what: `${name}: ${what}`, value: ms(median(rounds.map((r) => r[i]!))) }),
      );
    }
  } finally {
    await site.close();
  }
  return rows;
}
