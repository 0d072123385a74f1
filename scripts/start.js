// npm start: installs what is missing, builds what is stale, serves, prints the address.
import { spawn } from 'node:child_process';
import { ensureBuild } from './lib/build.js';
import { ensureInstalled, requireNode } from './lib/install.js';

requireNode();
ensureInstalled();
if (!ensureBuild()) {
  console.error('The site could not be built; the reason is above.');
  process.exit(1);
}
const server = spawn(process.execPath, ['--import', 'tsx', 'scripts/serve.js'], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
