import { chromium } from 'playwright-core';
import { basePath } from '/work/w/teach89/scripts/lib/build.js';
import { ensureChromium, FLAGS } from '/work/w/teach89/scripts/lib/chromium.js';
import { listen, siteHandler } from '/work/w/teach89/scripts/lib/site.js';
const server = await listen(siteHandler({ base: basePath() }));
const browser = await chromium.launch({ executablePath: ensureChromium(), args: FLAGS });
const base = `http://localhost:${server.port}${basePath()}`;
const shots = JSON.parse(process.argv[2]);
try {
  for (const [path, file, w, h, dark, wait] of shots) {
    const page = await browser.newPage({ viewport: { width: w, height: h }, colorScheme: dark ? 'dark' : 'light' });
    page.on('pageerror', (e) => console.log('ERROR', path, e.message));
    await page.goto(base + path);
    await page.locator('main[data-listens]').waitFor({ timeout: 60000 }).catch(() => console.log('no listen'));
    if (wait) await page.locator(wait).first().waitFor({ state: 'attached', timeout: 90000 }).catch(() => console.log('no', wait));
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/s89-${file}.png`, animations: 'disabled' });
    console.log(file, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
    await page.close();
  }
} finally { await browser.close(); await server.close(); }
