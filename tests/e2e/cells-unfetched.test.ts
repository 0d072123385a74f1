import assert from 'node:assert/strict';
import { cellAt, fault, openCells, shows, stands, write } from './cells.ts';
import { test } from './harness.ts';

test(
  'cells: what runs them, and a library that one names, may not come: it is said, and Run asks again',
  async (ctx) => {
    ctx.allow(/503|dynamically imported|Failed to load/);
    let down = false;
    ctx.fault(/immutable\/.*\.js$/, (_, response) => {
      if (!down) return false;
      response.writeHead(503).end();
      return true;
    });
    const page = await openCells(ctx, ['6 * 7', '"drawing"'], false);
    // The sandbox itself.
    down = true;
    await page.locator('[data-do="trust"]').click();
    const unopened = await fault(page, 1);
    assert.equal(unopened.kind, 'unfetched');
    assert.match(unopened.text, /could not be fetched.*press Run/s);
    assert.equal(await cellAt(page, 2).getAttribute('data-status'), 'fault');
    down = false;
    const run = (n: number) => cellAt(page, n).getByRole('button', { name: 'Run', exact: true }).click();
    await run(1);
    assert.equal(await shows(page, 1), '42');
    await write(page, 2, '"an editor"');
    assert.equal(await shows(page, 2), '"an editor"');
    // A library: only the cell that names it waits.
    down = true;
    await write(page, 2, 'Plot.plot({ marks: [Plot.ruleY([0])] })');
    const missing = await fault(page, 2);
    assert.equal(missing.kind, 'unfetched');
    assert.match(missing.text, /^Plot could not be fetched/);
    await run(1);
    await stands(page, 1, 'done');
    down = false;
    await run(2);
    await cellAt(page, 2).locator('.shown svg').waitFor();
    assert.equal(await page.locator('[data-fault]').count(), 0);
  },
  { ownContext: true },
);
