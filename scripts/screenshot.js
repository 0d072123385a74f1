// Takes docs/screenshot.png, the picture in the README, from the built site: node --import tsx scripts/screenshot.js
// [path of a page] [file]. Waits until the model has answered.
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { basePath, ensureBuild } from './lib/build.js';
import { ensureChromium, FLAGS, NO_CHROMIUM } from './lib/chromium.js';
import { listen, siteHandler } from './lib/site.js';

const [path = '/en/01-patches/?v=1&s=cut&p=16&grid=apart&view=answer', file = 'docs/screenshot.png'] =
  process.argv.slice(2);
const executablePath = ensureChromium();
if (!executablePath) throw new Error(NO_CHROMIUM);
if (!ensureBuild()) throw new Error('the site could not be built');
const server = await listen(siteHandler({ base: basePath() }));
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  await page.goto(`http://localhost:${server.port}${basePath()}${path}`, { waitUntil: 'networkidle' });
  await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"]'), undefined, {
    timeout: 120_000,
  });
  await page.waitForTimeout(1500);
  const png = await page.screenshot({ animations: 'disabled' });
  await sharp(png).png({ palette: true, quality: 90, effort: 10 }).toFile(file);
  console.log(`${file}: ${path}`);
} finally {
  await browser.close();
  await server.close();
}
