// npm run test:e2e -- [--base http://localhost:5173] [--lanes 2] [word …]
import { register } from 'tsx/esm/api';

register();
// What a test still had asked of a page when it closed fails nothing: the test has ended.
process.on('unhandledRejection', (error) => {
  if (!/page, context or browser has been closed/.test(String(error))) throw error;
});
const { runAll } = await import('./runner.ts');
const words = process.argv.slice(2);
const option = (/** @type {string} */ name) => {
  const at = words.indexOf(name);
  return at >= 0 ? words.splice(at, 2)[1] : undefined;
};
const external = option('--base')?.replace(/\/$/, '');
const lanes = Number(option('--lanes')) || undefined;
const { passed, failed, skipped } = await runAll(words, { external, lanes });
if (passed + failed + skipped === 0) console.log(`No test's file or name holds “${words.join(' ')}”.`);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || passed + skipped === 0 ? 1 : 0);
