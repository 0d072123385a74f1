import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { cellAt, openCells, stands, write } from './cells.ts';
import { test } from './harness.ts';

/**
 * Processes that compute without end, as many for each core, each a session of its own, as Linux shares the processor
 * between sessions first. Gives what ends them, once all compute.
 */
async function busyMachine(perCore: number): Promise<() => void> {
  const others = Array.from({ length: perCore * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'process.stdout.write("1", () => { for (;;); })'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    }),
  );
  await Promise.all(others.map((other) => once(other.stdout, 'data')));
  return () => others.forEach((other) => other.kill('SIGKILL'));
}

/** Computes so many turns without a pause and says how long that took on the clock. */
const COMPUTING = `const took = ((turns) => {
  const began = performance.now();
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += Math.sqrt(i % 1000);
  return sum > 0 ? performance.now() - began : 0;
})(TURNS)`;

test(
  'cells: on a busy machine a cell that computes for long is not taken for an endless loop, and one is stopped',
  async (ctx) => {
    const page = await openCells(ctx, [COMPUTING.replace('TURNS', '2e7'), 'Math.round(took)', '1']);
    const took = async () => {
      await stands(page, 2, 'done');
      return Number(await cellAt(page, 2).locator('.shown').innerText());
    };
    // A fifth of a second of the processor, by what a shorter run of it took: far below what a loop may take (silence.ts), as
    // the thread beside the worker may get some times as much of a crowded processor as the worker itself.
    const turns = Math.round((2e7 * 200) / Math.max(1, await took()));
    const rest = await busyMachine(12);
    try {
      await write(page, 1, COMPUTING.replace('TURNS', String(turns)));
      await page.waitForFunction(
        (before) => {
          const cell = document.querySelector('[data-cell="2"][data-status="done"] .shown');
          const fault = document.querySelector('[data-cell="1"] [data-fault]');
          return fault !== null || (cell !== null && cell.textContent.trim() !== before);
        },
        await cellAt(page, 2).locator('.shown').innerText(),
        { timeout: 60_000 },
      );
      assert.equal(await cellAt(page, 1).locator('[data-fault]').count(), 0, 'an innocent cell was stopped');
      // Longer on the clock than an endless loop may compute (silence.ts).
      assert.ok((await took()) > 900, `the machine was not busy: ${await took()} ms`);
    } finally {
      rest();
    }
    await write(page, 3, 'while (true) {}');
    await cellAt(page, 3).locator('[data-fault="stopped"]').waitFor();
    await stands(page, 2, 'done');
  },
  { alone: true, timeout: 120_000 },
);
