// What the packed folder runs: `node main.mjs …` beside dawn.node, runtime/ and models/.
import { fileURLToPath } from 'node:url';
import { GpuError } from '../../bin/lib/dawn.ts';
import { HELP, readGpuArgs } from './args.ts';
import { leave } from './leave.ts';
import { measureGpu } from './main.ts';

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function main(): Promise<number> {
  const args = readGpuArgs(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const places = { dawn: at('dawn.node'), runtime: at('runtime'), models: at('models') };
  return (await measureGpu(args, places)).kept ? 0 : 1;
}

leave(
  await main().catch((error: unknown) => {
    if (!(error instanceof GpuError)) throw error;
    process.stderr.write(`${error.message}.\n`);
    return 2;
  }),
);
