// npm run test:e2e -- [--base http://localhost:5173] [word …]
import { register } from 'tsx/esm/api';

register();
const { runAll } = await import('./runner.ts');
const words = process.argv.slice(2);
const at = words.indexOf('--base');
const external = at >= 0 ? words.splice(at, 2)[1]?.replace(/\/$/, '') : undefined;
const { passed, failed, skipped } = await runAll(words, external);
if (passed + failed + skipped === 0) console.log(`No test's file or name holds “${words.join(' ')}”.`);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || passed + skipped === 0 ? 1 : 0);
