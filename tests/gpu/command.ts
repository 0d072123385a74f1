import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GpuError } from '../../bin/lib/dawn.ts';
import { gpuPackages } from '../../bin/lib/gpu-packages.ts';
import { HELP, readGpuArgs } from './args.ts';
import { measureGpu, readDocument } from './main.ts';
import { withSection } from './report.ts';

const DOCUMENT = join('docs', 'benchmarks.md');

/**
 * The command `npm run gpu`.
 * @returns the exit status: 1 when something is off, 2 after an error, which is on stderr in one sentence
 */
export async function runGpu(argv: readonly string[]): Promise<number> {
  try {
    const args = readGpuArgs(argv);
    if (args.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const { dawn, node } = gpuPackages({ withNode: args.pack !== undefined });
    const places = { dawn, runtime: join('node_modules', 'onnxruntime-web', 'dist'), models: 'models' };
    if (args.pack !== undefined) {
      const { pack } = await import('./pack.ts');
      console.log((await pack(args.pack, { ...places, node: node! }, args.models)).join('\n'));
      return 0;
    }
    const { text, kept } = await measureGpu(args, places);
    if (args.write) writeFileSync(DOCUMENT, withSection(readDocument(DOCUMENT), text));
    return kept ? 0 : 1;
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    process.stderr.write(`npm run gpu: ${error.message}.\n`);
    return 2;
  }
}
