import { parseArgs } from 'node:util';
import { GpuError } from '../../bin/lib/dawn.ts';

export interface GpuArgs {
  /** Folder to write that runs on a bare machine; nothing is measured then. */
  readonly pack?: string;
  /** Put the table into docs/benchmarks.md. */
  readonly write: boolean;
  /** Go on where only a processor answers: to try the command, not to measure. */
  readonly software: boolean;
  /** Models to check; all, when none is named. */
  readonly models: readonly string[];
  /** Checks (`parity`), measures (`bench`), or both. */
  readonly parts: readonly Part[];
  /** Folder for gpu.md and gpu.json. */
  readonly out: string;
  readonly help: boolean;
}

export const PARTS = ['parity', 'bench'] as const;
export type Part = (typeof PARTS)[number];

export const HELP = `npm run gpu: this site's models on WebGPU on a real card, in Node through Dawn

usage: npm run gpu -- [parity] [bench] [options]

  parity       every tensor of every model with a reference against PyTorch's, within the bounds of the tests
  bench        passes, steps of the denoisers, changes of the patch size
  --model M    only this model; may be given again
  --out DIR    where gpu.md and gpu.json go (default .cache/gpu)
  --write      the table goes into docs/benchmarks.md as well
  --software   go on where no card is and a processor answers as one (to try the command: slow, no measurement)
  --pack DIR   instead: a folder of at most 60 MB that does all this on a Linux machine that has nothing but the card's
               driver: copy it there, run DIR/run.sh

The packages for it (Dawn; for --pack Node) are fetched into .cache/gpu on first use.
`;

/** @throws GpuError for an unknown option or part */
export function readGpuArgs(args: readonly string[]): GpuArgs {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        pack: { type: 'string' },
        out: { type: 'string', default: '.cache/gpu' },
        model: { type: 'string', multiple: true, default: [] },
        write: { type: 'boolean', default: false },
        software: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [first] = (error as Error).message.split(/\. /);
    throw new GpuError(`${first?.replace(/\.$/, '')}; npm run gpu -- --help lists the options`);
  }
  const { values, positionals } = parsed;
  const isPart = (word: string): word is Part => PARTS.some((part) => part === word);
  const stray = positionals.find((word) => !isPart(word));
  if (stray !== undefined)
    throw new GpuError(`there is no part called "${stray}": there are ${PARTS.join(' and ')}`);
  const parts = positionals.filter(isPart);
  const { pack, model, ...rest } = values;
  return {
    ...rest,
    ...(pack !== undefined && { pack }),
    models: model,
    parts: parts.length > 0 ? parts : PARTS,
  };
}
