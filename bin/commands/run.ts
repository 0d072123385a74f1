import { vit, type VitConfig } from '../../src/lib/architectures/vit.ts';
import type { Command } from '../lib/command.ts';
import { inputsOf, type Input } from '../lib/inputs.ts';
import { patchOf, tensorNames } from '../lib/names.ts';
import { openModel, type OpenModel } from '../lib/session.ts';
import { SETTINGS } from '../lib/settings.ts';
import { openTarget, type Target } from '../lib/target.ts';
import { TensorFile } from '../lib/tensorfile.ts';
import { topClasses, type ClassProbability } from '../lib/top.ts';
import { readArgs, UsageError, wholeNumber } from '../lib/usage.ts';

const HELP = `patchwork run: a model on pictures

usage: patchwork run <model folder | weights file> --image FILE|FOLDER … [options]
       patchwork run <model folder | weights file> --input x.safetensors [options]

  --image FILE|FOLDER  a picture, or all pictures of a folder; may be given again
  --input FILE         a safetensors file with the tensor x, [n, 3, S, S], instead of pictures
  --patch N            another patch size: kernel and positions are resized from the stored ones
  --tensors a,b | all  tensors to keep, by their names in "patchwork describe"; several pictures are stacked
  --out FILE           where to: a safetensors file, float32
  --set field=value …  for bare weights: what their shapes don't tell (heads=6, image=384, normEps=1e-6)
                       fields: ${SETTINGS}
  --fit crop|squash, --mean r,g,b, --std r,g,b
                       how pictures are prepared; for bare weights squash and 0.5,0.5,0.5
  --json               {images: [{image, top5: [{class, p}]}]}

Bare weights may have the names of timm or of Hugging Face; their classes are numbers.
`;

const OPTIONS = {
  image: { type: 'string', multiple: true },
  input: { type: 'string' },
  patch: { type: 'string' },
  tensors: { type: 'string' },
  out: { type: 'string' },
  fit: { type: 'string' },
  mean: { type: 'string' },
  std: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Outcome {
  readonly image: string;
  readonly top5: readonly ClassProbability[];
}

export const runCommand: Command = {
  name: 'run',
  summary: 'what a model sees in pictures, and any of its tensors',
  help: HELP,
  async run(args) {
    const { values, target: named, settings } = readArgs(args, 'run', OPTIONS);
    if (Boolean(values.image) === Boolean(values.input)) {
      throw new UsageError('run needs pictures (--image) or a tensor (--input), one of the two');
    }
    if ((values.tensors === undefined) !== (values.out === undefined)) {
      throw new UsageError('--tensors and --out belong together: which tensors, and the file for them');
    }
    const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
    const target = openTarget(named, settings, note);
    const patch = patchOf(target.config, wholeNumber(values.patch, '--patch'));
    const config = { ...target.config, patch };
    const wanted = values.tensors === undefined ? [] : tensorNames(values.tensors, config);
    const inputs = inputsOf(target, values);
    const model = await openModel(target, patch, fetchesOf(wanted, config));
    const outcomes = await runAll(model, inputs, target, wanted, values.out);
    process.stdout.write(values.json ? `${JSON.stringify({ images: outcomes })}\n` : human(outcomes));
  },
};

/** What the session must return: the asked tensors (the input is known), and the probabilities where there is a head. */
function fetchesOf(wanted: readonly string[], config: VitConfig): string[] {
  const names = new Set(wanted.filter((name) => name !== 'x'));
  if (config.classes > 0) names.add('probs');
  return names.size > 0 ? [...names] : vit(config).tensorNames().slice(-1);
}

async function runAll(
  { graph, fetches, session }: OpenModel,
  inputs: readonly Input[],
  target: Target,
  wanted: readonly string[],
  out: string | undefined,
): Promise<Outcome[]> {
  const { shape } = graph.value('x');
  const stack = wanted.map((name) => graph.value(name));
  const file = out === undefined ? undefined : new TensorFile(out, stack, inputs);
  const outcomes: Outcome[] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      const x = await input.read();
      const results = await session.run([{ name: 'x', shape, data: x }], fetches);
      const tensors = new Map(results.map((t) => [t.name, t.data]));
      for (const name of wanted) file?.write(name, index, tensors.get(name) ?? x);
      outcomes.push({ image: input.name, top5: topClasses(tensors.get('probs'), target.labels) });
    }
    file?.keep();
  } finally {
    file?.close();
  }
  return outcomes;
}

function human(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ image, top5 }) => {
      const lines = top5.map((c) => `  ${(100 * c.p).toFixed(1).padStart(5)} %  ${c.class}`);
      return [image, ...lines, ''].join('\n');
    })
    .join('\n');
}
