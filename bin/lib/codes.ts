import type { Device } from '#lib/base/device.ts';
import type { CodesToPicture, CodeStep } from '#lib/programs/codes-to-picture/program.ts';
import { pictureOf } from '#lib/models/registry.ts';
import { runProgram } from '#lib/runtime/programs.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { shapeText } from '#lib/weights/source.ts';
import { partsOf, runnerOf, type CodeParts } from './code-parts.ts';
import { classOf, interventionsOf } from './denoiser.ts';
import { readBytes, writeBytes } from './files.ts';
import { writePngs } from './pngs.ts';
import { textsOf } from './texts.ts';
import { numberOf, UsageError, wholeNumber } from './usage.ts';

export { choosesCodes } from './code-parts.ts';

/** Options of networks that choose codes, beside those that diffusion models have, too. */
export const CODE_OPTIONS = {
  temperature: { type: 'string' },
  'top-k': { type: 'string' },
  rounds: { type: 'string' },
  choose: { type: 'string' },
  ramp: { type: 'boolean' },
  codes: { type: 'string' },
  'no-cache': { type: 'boolean' },
} as const;

export const CODE_HELP = `
of a network that chooses codes (--text, --style, --n, --seed, --guidance, --set, --out, --device, --json as above; picture k has
the seed --seed + k; of one that refines codes --sampler, ddim by default, and --steps, by default 8, are its own):
  --temperature T     divides the logits; 0 takes the largest (default 1)
  --top-k K           draws among the K largest (default 0: all)
  --rounds R          of one that fills in masked codes: how many rounds (default 8)
  --choose NAME       of such: what stays of a round, confidence (default) or chance
  --ramp              guidance grows from 1 in the first pass to its weight in the last
  --codes FILE        a safetensors file with codes [n, N]; those from 0 up stand, where there is −1 one is chosen: what
                      --out wrote, with a code changed, goes on from there
  --no-cache          computes all tokens anew for every code
  --out x.safetensors holds codes [n, N] and picture [n, C, S, S]
`;

/** What is read of the options. */
interface Values {
  readonly class?: string | undefined;
  readonly style?: string | undefined;
  readonly text?: readonly string[] | undefined;
  readonly n?: string | undefined;
  readonly seed?: string | undefined;
  readonly steps?: string | undefined;
  readonly sampler?: string | undefined;
  readonly guidance?: string | undefined;
  readonly temperature?: string | undefined;
  readonly 'top-k'?: string | undefined;
  readonly rounds?: string | undefined;
  readonly choose?: string | undefined;
  readonly codes?: string | undefined;
  readonly ramp?: boolean | undefined;
  readonly 'no-cache'?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** @throws UsageError for the first of some options that is given */
export function refuse(values: object, options: readonly string[], why: string): void {
  const given = options.find((name) => (values as Record<string, unknown>)[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} ${why}`);
}

/** The codes of a file, −1 where one is to be chosen: one row for each picture. */
function codesIn(path: string, n: number): (number | null)[][] {
  const file = parseSafetensors(readBytes(path), path);
  const [rows, places = 0] = file.tensor('codes').shape;
  if (rows !== n)
    throw new UsageError(
      `${path}, tensor "codes": its shape is ${shapeText(file.tensor('codes').shape)}, but ${n} pictures are asked for`,
    );
  const all = Array.from(file.float32('codes'), (code) => (code < 0 ? null : code));
  return Array.from({ length: n }, (_, k) => all.slice(k * places, (k + 1) * places));
}

/** Rows of token ids of the texts and of the empty one, by the text tower's tokenizer. */
function rowsOf(
  { text, generator }: CodeParts,
  said: readonly string[] | undefined,
  note: (line: string) => void,
) {
  if (!text) {
    if (said?.some((words) => words !== ''))
      throw new UsageError(`--text says nothing to ${generator.model.name}, which is told no texts`);
    return undefined;
  }
  const texts = [...(said ?? ['']), ''];
  const { ids } = textsOf(text.target, { text: texts }, note)!;
  const length = ids.length / texts.length;
  return texts.map((_, k) => [...ids.slice(k * length, (k + 1) * length)]);
}

/**
 * Pictures of a network that chooses codes, written to `out`.
 * @throws UsageError, Fault, RangeError for what cannot be
 */
export async function sampleCodes(
  values: Values,
  out: string,
  folder: string,
  settings: readonly string[],
  device: Device,
): Promise<void> {
  const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
  refuse(
    values,
    ['eta', 'spacing', 'start', 'end', 'noise', 'no-clip'],
    'is of diffusion models; this network chooses codes',
  );
  const parts = partsOf(folder, note);
  if (!parts.refiner)
    refuse(values, ['steps', 'sampler'], 'is of networks that remove noise; this one chooses codes');
  const { model } = parts.generator;
  const n = wholeNumber(values.n, '--n') ?? 1;
  if (values.class !== undefined && values.style !== undefined)
    throw new UsageError('--style is --class by another name; give one of the two');
  const styles = (values.class ?? values.style ?? 'none')
    .split(',')
    .map((name) => classOf(model, name.trim()));
  const rows = rowsOf(parts, values.text, note);
  const seed = numberOf(values.seed, '--seed') ?? 0;
  const { choose } = values;
  if (choose !== undefined && choose !== 'confidence' && choose !== 'chance')
    throw new UsageError(`--choose takes confidence or chance, not "${choose}"`);
  const given = values.codes === undefined ? undefined : codesIn(values.codes, n);
  const numbers = { guidance: values.guidance, temperature: values.temperature, topK: values['top-k'] };
  const read = Object.entries(numbers).flatMap(([key, text]) => {
    const value = numberOf(text, `--${key === 'topK' ? 'top-k' : key}`);
    return value === undefined ? [] : [[key, value] as const];
  });
  const rounds = wholeNumber(values.rounds, '--rounds');
  const interventions = interventionsOf(model, settings);
  const shared: Partial<CodesToPicture> = {
    ...Object.fromEntries(read),
    ...(rounds !== undefined && { rounds }),
    ...(choose && { choose }),
    ...(values.ramp && { ramp: true }),
    ...(values['no-cache'] && { cache: false }),
    ...(interventions && { interventions }),
    ...(parts.refiner && {
      refine: { sampler: values.sampler ?? 'ddim', steps: wholeNumber(values.steps, '--steps') ?? 8 },
    }),
    decode: 'last',
  };
  const { models, runner } = await runnerOf(parts, device);
  const began = performance.now();
  const made: CodeStep[] = [];
  for (let k = 0; k < n; k++) {
    const words = rows && { words: rows[k % (rows.length - 1)]!, empty: rows.at(-1)! };
    const own = {
      ...shared,
      ...words,
      style: styles[k % styles.length]!,
      seed: seed + k,
      ...(given && { given: given[k]! }),
    };
    made.push(await lastStep({ program: 'codes-to-picture', models, spec: own }, runner));
  }
  const ms = performance.now() - began;
  const { channels, height } = pictureOf(parts.decoder.model)!;
  const pictures = flat(made.map(({ picture }) => picture!));
  if (out.endsWith('.safetensors')) {
    const codes = flat(made.map((step) => Float32Array.from(step.codes)));
    const all = [
      { name: 'codes', shape: [n, codes.length / n], data: codes },
      { name: 'picture', shape: [n, channels, height, height], data: pictures },
    ];
    writeBytes(out, writeSafetensors(all));
  } else await writePngs(out, pictures, n, channels, height);
  const { passes, tokens } = made.at(-1)!;
  const done = {
    model: parts.refiner?.model.name ?? model.name,
    seed,
    labels: styles,
    passes,
    tokens,
    ms: Math.round(ms),
    out,
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(done)}\n`
      : `${n} ${n === 1 ? 'picture' : 'pictures'} of ${passes} passes each in ${(ms / 1000).toFixed(1)} s: ${out}\n`,
  );
}

/** The last step of a run of the program. */
async function lastStep(
  request: Parameters<typeof runProgram>[0],
  runner: Awaited<ReturnType<typeof runnerOf>>['runner'],
): Promise<CodeStep> {
  const { signal } = new AbortController();
  let last: CodeStep | undefined;
  await runProgram(request, {
    run: (pass) => runner.run(pass, { signal, breathe: async () => {} }),
    drop: (key) => runner.drop(key),
    onStep: (step) => (last = step as CodeStep),
    signal,
  });
  return last!;
}

function flat(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    out.set(row, at);
    at += row.length;
  }
  return out;
}
