import { familyOf, graphOf, withVariant, type Blueprint } from '#lib/models/registry.ts';
import type { Command } from '../lib/command.ts';
import { conditionsOf, type Given } from '../lib/conditions.ts';
import { findingLines, foundIn, shareLine, type Finding } from '../lib/findings.ts';
import { isGraphFile, runGraph } from '../lib/graph-file.ts';
import { inputsOf, pictureName, pictureSizeIn, type Input } from '../lib/inputs.ts';
import { tensorNames, variantWith } from '../lib/names.ts';
import { writePngs } from '../lib/pngs.ts';
import { deviceOf, openModel, type OpenModel } from '../lib/session.ts';
import { SETTINGS } from '../lib/settings.ts';
import { openTarget, type Target } from '../lib/target.ts';
import { TensorFile } from '../lib/tensorfile.ts';
import { textsOf } from '../lib/texts.ts';
import { topClasses, type ClassProbability } from '../lib/top.ts';
import { readArgs, UsageError, wholeNumber } from '../lib/usage.ts';

const HELP = `patchwork run: a model on pictures

usage: patchwork run <model folder | weights file> --image FILE|FOLDER … [options]
       patchwork run <model folder | weights file> --input x.safetensors [options]

  --image FILE|FOLDER  a picture, or all pictures of a folder; may be given again
  --input FILE         a safetensors file with the tensor x, [n, 3, S, S], instead of pictures (visual.x of two towers;
                       of clips [n, F, 3, S, S])
  --pace N             models of clips: what one picture moves to the right, pixels a frame (default 0: it stands
                       still); as many pictures as a clip has frames are its frames, in order
  --t T, --class C     diffusion models: the time of the process, 0 to 1, and a class by name or number, or none;
                       else the file's tensors t and y (as the network is fed them), [n]; so too any further input
  --text WORDS         models that read texts: what a picture may be said to be; given again for each text
  --prefix NAME        of several networks in a weights file, the one whose names begin so
  --patch N            another patch size: kernel and positions are resized from the stored ones
  --tensors a,b | all  tensors to keep, by their names in "patchwork describe"; several pictures are stacked
  --out FILE           where to: a safetensors file, float32
  --png FOLDER         of networks whose answer is a picture (an autoencoder's reconstruction): each as a PNG file
  --set field=value …  for bare weights: what their shapes don't tell (heads=6, image=384, normEps=1e-6)
                       fields: ${SETTINGS}
  --fit crop|squash, --mean r,g,b, --std r,g,b
                       how pictures are prepared; for bare weights squash, and what is assumed is said
  --device NAME        wasm (default) or webgpu: on the graphics card; fetches what that needs, once
  --json               {images: [{image, top5: [{class, p}]}]}; of a detector, instead of top5, the objects of all
                       queries, the surest first: objects: [{query, class, name, p, box: {cx, cy, w, h}}]

Of an ONNX file any value of its graph can be kept, --tensors attention keeps its attentions; the largest values of its
first output are printed.

Bare weights may have the names of timm, Hugging Face or torchvision; their classes are numbers.
`;

const OPTIONS = {
  image: { type: 'string', multiple: true },
  input: { type: 'string' },
  patch: { type: 'string' },
  prefix: { type: 'string' },
  t: { type: 'string' },
  class: { type: 'string' },
  text: { type: 'string', multiple: true },
  tensors: { type: 'string' },
  out: { type: 'string' },
  png: { type: 'string' },
  fit: { type: 'string' },
  mean: { type: 'string' },
  std: { type: 'string' },
  pace: { type: 'string' },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Outcome =
  | { readonly image: string; readonly top5: readonly ClassProbability[] }
  | { readonly image: string; readonly objects: readonly Finding[] };

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
    if (isGraphFile(named)) {
      process.stdout.write(await runGraph(named, values, note));
      return;
    }
    const device = deviceOf(values.device);
    const target = openTarget(named, settings, {
      note,
      prefix: values.prefix,
      picture: () => (values.input === undefined ? undefined : pictureSizeIn(values.input)),
    });
    if (target.guess && values.image && !(values.mean && values.std)) note(target.guess);
    const texts = textsOf(target, values, note);
    const variant = { ...variantWith(target.of, wholeNumber(values.patch, '--patch')), ...texts?.variant };
    const of = withVariant(target.of, variant);
    const wanted = values.tensors === undefined ? [] : tensorNames(values.tensors, graphOf(of));
    const inputs = inputsOf(target, values, note);
    const painted = values.png === undefined ? undefined : paintedBy(of);
    const fetches = fetchesOf(painted ? [...wanted, painted.tensor] : wanted, of);
    const model = await openModel(target, variant, fetches, device);
    const conditions = conditionsOf(target, model.graph, model.inputs, { ...values, texts });
    const said = { of, labels: texts?.labels ?? target.labels, names: target.names };
    const outcomes = await runAll(model, { inputs, conditions }, said, wanted, values.out, painted);
    if (values.png !== undefined && painted)
      await writePngs(values.png, painted.all(), outcomes.length, painted.channels, painted.side);
    process.stdout.write(values.json ? `${JSON.stringify({ images: outcomes })}\n` : human(outcomes));
  },
};

/** What the session must return: the asked tensors (inputs are known), and the probabilities where there is a head. */
function fetchesOf(wanted: readonly string[], of: Blueprint): string[] {
  const graph = graphOf(of);
  const names = new Set(wanted.filter((name) => graph.value(name).kind === 'node'));
  const answer = familyOf(of.architecture).answer(of.config);
  if (answer.kind === 'detections') return [...names.add(answer.probs).add(answer.boxes)];
  if (graph.values.has('probs')) names.add('probs');
  return names.size > 0 ? [...names] : [...familyOf(of.architecture).answers(of.config)];
}

/** The pictures that a network answers with, one after another. */
interface Painted {
  /** The answer's tensor. */
  readonly tensor: string;
  readonly channels: number;
  readonly side: number;
  readonly pictures: Float32Array[];
  all(): Float32Array;
}

/** @throws UsageError for a network whose answer is no square picture */
function paintedBy(of: Blueprint): Painted {
  const answer = familyOf(of.architecture).answer(of.config);
  const [, channels = 0, side = 0, across] =
    answer.kind === 'picture' ? graphOf(of).value(answer.tensor).shape : [];
  if (answer.kind !== 'picture' || side !== across)
    throw new UsageError('--png needs a network whose answer is a square picture');
  const pictures: Float32Array[] = [];
  return {
    tensor: answer.tensor,
    channels,
    side,
    pictures,
    all: () => Float32Array.from(pictures.flatMap((picture) => [...picture])),
  };
}

interface Fed {
  readonly inputs: readonly Input[];
  /** The inputs beside the picture. */
  readonly conditions: (index: number) => Given[];
}

async function runAll(
  { graph, fetches, inputs: fed, session }: OpenModel,
  { inputs, conditions }: Fed,
  { of, labels, names }: Pick<Target, 'of' | 'labels' | 'names'>,
  wanted: readonly string[],
  out: string | undefined,
  painted: Painted | undefined,
): Promise<Outcome[]> {
  const picture = pictureName(of);
  const { shape } = graph.value(picture);
  const stack = wanted.map((name) => graph.value(name));
  const file = out === undefined ? undefined : new TensorFile(out, stack, inputs);
  const outcomes: Outcome[] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      const x = await input.read();
      const given = [{ name: picture, shape, data: x }, ...conditions(index)];
      const feeds = given.filter(({ name }) => fed.includes(name));
      const results = await session.run(feeds, fetches);
      const tensors = new Map([...given, ...results].map((t) => [t.name, t.data]));
      for (const name of wanted) file?.write(name, index, tensors.get(name) ?? x);
      const made = painted && tensors.get(painted.tensor);
      if (made) painted.pictures.push(made);
      const objects = foundIn(of, tensors, labels, names);
      outcomes.push({
        image: input.name,
        ...(objects ? { objects } : { top5: topClasses(tensors.get('probs'), labels) }),
      });
    }
    file?.keep();
  } finally {
    file?.close();
  }
  return outcomes;
}

function human(outcomes: readonly Outcome[]): string {
  return outcomes
    .map((outcome) => {
      const lines =
        'objects' in outcome
          ? findingLines(outcome.objects)
          : outcome.top5.map((c) => shareLine(c.p, c.class));
      return [outcome.image, ...lines, ''].join('\n');
    })
    .join('\n');
}
