import type { Device } from '#lib/base/device.ts';
import { sampleModel, type Forward } from '#lib/diffusion/sampler/loop.ts';
import { planOf, type SampleSpec, type TextContext } from '#lib/diffusion/sampler/spec.ts';
import { SPACINGS, type Spacing } from '#lib/diffusion/math/timesteps.ts';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { shapeText } from '#lib/weights/source.ts';
import { choosesCodes, CODE_HELP, CODE_OPTIONS, refuse, sampleCodes } from '../lib/codes.ts';
import type { Command } from '../lib/command.ts';
import { classOf, interventionsOf, openDenoiser, openForward, type Denoiser } from '../lib/denoiser.ts';
import { readBytes, writeBytes } from '../lib/files.ts';
import { decodedBy, wordsFor } from '../lib/painting.ts';
import { writePngs } from '../lib/pngs.ts';
import { deviceOf } from '../lib/session.ts';
import { numberOf, readArgs, UsageError, wholeNumber } from '../lib/usage.ts';

const HELP = `patchwork sample: pictures from a diffusion model, or from a network that chooses codes

usage: patchwork sample <model folder> [options] --out FOLDER | x.safetensors

  --class ID|N|none   which class, by name or number; several with commas go round over the pictures (default none)
  --text WORDS        of a network that paints from words: what is painted; given again for each text, which go round
                      over the pictures like classes (default: the empty text)
  --style NAME        of such a network: the drawing style, --class by another name
  --n N               how many pictures (default 1)
  --seed N            picture k begins with stream k of this seed (default 0)
  --steps N           sampler steps (default 20)
  --sampler NAME      dpmpp2m (default), ddim, ddpm, euler, heun, sde
  --guidance W        weight w of the guidance, 1 for none (default 1); Ho & Salimans' scale is w - 1
  --eta E             noise of ddim, 0 to 1 (default 0)
  --spacing NAME      how times are spread: ${SPACINGS.join(', ')}; each sampler has its own default
  --start T, --end T  first and last time, in 1 (noise) to 0 (picture)
  --no-clip           x0 as the network estimates it, also beyond -1 … 1 (so it always is in an autoencoder's latents)
  --noise FILE        a safetensors file with the tensor x, [n, C, S, S], to begin with
  --set skips=0,1,…   change the network: skip_gates, block_skip, head_mask, token_mask, pos_scale, conv_gate, …
  --out PATH          a folder for PNG files, or a .safetensors file for the numbers, x [n, C, S, S] in -1 … 1; of
                      latents x is those, and picture what the autoencoder decodes
  --device NAME       wasm (default) or webgpu: on the graphics card; fetches what that needs, once
  --json              what was done, and how long it took
${CODE_HELP}`;

const OPTIONS = {
  class: { type: 'string' },
  style: { type: 'string' },
  text: { type: 'string', multiple: true },
  n: { type: 'string' },
  seed: { type: 'string' },
  steps: { type: 'string' },
  sampler: { type: 'string' },
  guidance: { type: 'string' },
  eta: { type: 'string' },
  spacing: { type: 'string' },
  start: { type: 'string' },
  end: { type: 'string' },
  noise: { type: 'string' },
  out: { type: 'string' },
  device: { type: 'string' },
  'no-clip': { type: 'boolean' },
  json: { type: 'boolean' },
  ...CODE_OPTIONS,
} as const;

/** Pictures made at once; each comes out the same however many there are. */
const AT_ONCE = 8;

export const sampleCommand: Command = {
  name: 'sample',
  summary: 'pictures from a diffusion model, or from one that chooses codes',
  help: HELP,
  async run(args) {
    const { values, target, settings } = readArgs(args, 'sample', OPTIONS);
    const { out } = values;
    if (out === undefined)
      throw new UsageError('sample needs --out: a folder for PNG files, or a .safetensors file');
    const device = deviceOf(values.device);
    if (choosesCodes(target)) return sampleCodes(values, out, target, settings, device);
    refuse(values, Object.keys(CODE_OPTIONS), 'is of networks that choose codes; this is a diffusion model');
    const denoiser = openDenoiser(target);
    const { model } = denoiser;
    const { channels, image } = model.config;
    const note = (line: string): void => void process.stderr.write(`patchwork: ${line}.\n`);
    const latent = channels !== 1 && channels !== 3 && !model.autoencoder;
    if (latent && !values['no-clip'])
      note(
        `the ${channels} channels of ${model.name} are no picture, likely a latent; its estimates are clipped to −1 … 1 in each step all the same, --no-clip leaves them`,
      );
    const n = wholeNumber(values.n, '--n') ?? 1;
    if (values.class !== undefined && values.style !== undefined)
      throw new UsageError('--style is --class by another name; give one of the two');
    const asked = (values.class ?? values.style ?? 'none')
      .split(',')
      .map((name) => classOf(model, name.trim()));
    const interventions = interventionsOf(model, settings);
    const said = values.text ?? [''];
    const texts = Array.from({ length: n }, (_, k) => said[k % said.length]!);
    const spacing = values.spacing as Spacing | undefined;
    const spec: SampleSpec = {
      sampler: samplerOf(values.sampler ?? 'dpmpp2m'),
      steps: Number(values.steps ?? 20),
      labels: Array.from({ length: n }, (_, k) => asked[k % asked.length]!),
      seed: numberOf(values.seed, '--seed') ?? 0,
      ...optional('guidance', numberOf(values.guidance, '--guidance')),
      ...optional('eta', numberOf(values.eta, '--eta')),
      ...optional('spacing', spacing),
      ...optional('start', numberOf(values.start, '--start')),
      ...optional('end', numberOf(values.end, '--end')),
      ...optional('interventions', interventions),
      ...(values['no-clip'] && { clip: false }),
      ...optional('x', noiseOf(values.noise, model.config, n)),
    };
    const context = await wordsFor(denoiser, target, texts, device, note);
    const whole = { ...spec, ...optional('context', context) };
    const plan = planOf(model, whole);
    const began = performance.now();
    const made = await makeAll(denoiser, whole, plan.each, device);
    const decoded = await decodedBy(denoiser, target, made, device, note);
    const ms = performance.now() - began;
    const pictures = decoded ?? { data: made, channels, side: image };
    if (out.endsWith('.safetensors')) {
      const { side } = pictures;
      const picture = { name: 'picture', shape: [n, pictures.channels, side, side], data: pictures.data };
      const x = { name: 'x', shape: [n, channels, image, image], data: made };
      writeBytes(out, writeSafetensors(decoded ? [x, picture] : [x]));
    } else await writePngs(out, pictures.data, n, pictures.channels, pictures.side);
    const { sampler, steps, seed, labels, guidance = 1 } = spec;
    const told = context ? { texts } : {};
    const done = {
      model: model.name,
      sampler,
      steps,
      seed,
      guidance,
      labels,
      ...told,
      ms: Math.round(ms),
      out,
    };
    process.stdout.write(
      values.json
        ? `${JSON.stringify(done)}\n`
        : `${n} ${n === 1 ? 'picture' : 'pictures'} of ${steps} steps with ${sampler} in ${(ms / 1000).toFixed(1)} s: ${out}\n`,
    );
  },
};

/** All pictures, `[n, C, S, S]`, a few at once. */
async function makeAll(
  denoiser: Denoiser,
  spec: SampleSpec,
  each: number,
  device: Device,
): Promise<Float32Array> {
  const n = spec.labels.length;
  const pictures = new Float32Array(n * each);
  const sessions = new Map<number, Promise<Forward>>();
  for (let first = 0; first < n; first += AT_ONCE) {
    const labels = spec.labels.slice(first, first + AT_ONCE);
    const end = first + labels.length;
    const part = {
      ...spec,
      labels,
      first: (spec.first ?? 0) + first,
      ...(spec.x && { x: spec.x.slice(first * each, end * each) }),
      ...(spec.context && { context: partOf(spec.context, n, first, end) }),
    };
    const { batch } = planOf(denoiser.model, part);
    let forward = sessions.get(batch);
    if (!forward)
      sessions.set(batch, (forward = openForward(denoiser, batch, spec.interventions !== undefined, device)));
    let x: Float32Array | undefined;
    for await (const step of sampleModel(denoiser.model, part, await forward)) x = step.x;
    if (x) pictures.set(x, first * each);
  }
  return pictures;
}

/** The texts of pictures `first` to before `end` of n. */
function partOf({ told, empty }: TextContext, n: number, first: number, end: number): TextContext {
  const each = told.length / n;
  return { told: told.slice(first * each, end * each), empty };
}

/** `dpmpp2m` is short for the library's name; others are left to it. */
function samplerOf(name: string): string {
  return name === 'dpmpp2m' ? 'dpmpp-2m' : name;
}

/** `{ [name]: value }`, or nothing where there is no value. */
function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

function noiseOf(
  path: string | undefined,
  { channels, image }: { readonly channels: number; readonly image: number },
  n: number,
): Float32Array | undefined {
  if (path === undefined) return undefined;
  const file = parseSafetensors(readBytes(path), path);
  const { shape } = file.tensor('x');
  const wanted = [n, channels, image, image];
  if (shapeText(shape) !== shapeText(wanted)) {
    throw new UsageError(
      `${path}, tensor "x": its shape is ${shapeText(shape)}, ${n} of the model's pictures are ${shapeText(wanted)}`,
    );
  }
  return file.float32('x');
}
