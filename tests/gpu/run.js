// npm run gpu -- [parity] [bench] [--pack DIR] …: see args.ts. The work is done in a process of its own (see leave.ts).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

if (process.env.PATCHWORK_GPU_STATUS) {
  register();
  const { runGpu } = await import('./command.ts');
  const { leave } = await import('./leave.ts');
  leave(await runGpu(process.argv.slice(2)));
}
const folder = mkdtempSync(join(tmpdir(), 'patchwork-gpu-'));
const file = join(folder, 'status');
const env = { ...process.env, PATCHWORK_GPU_STATUS: file };
const done = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
const status = existsSync(file) ? Number(readFileSync(file, 'utf8')) : done.status || 1;
rmSync(folder, { recursive: true });
process.exit(status);
