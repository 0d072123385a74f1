import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pictureOf, pixelInputOf, type Blueprint } from '#lib/models/registry.ts';
import { movingFrames, type ClipSize } from '#lib/models/shared/frames.ts';
import { preprocess, type PreprocessSpec } from '#lib/images/preprocess.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { shapeText } from '#lib/weights/source.ts';
import { readBytes } from './files.ts';
import type { Target } from './target.ts';
import { UsageError } from './usage.ts';

/** One picture for the model, or the frames of one clip. */
export interface Input {
  /** The picture's path, that of a clip's first frame, or the tensor file's with the index in it. */
  readonly name: string;
  /** `[C, H, W]`, of a clip `[F, C, H, W]`. @throws Fault `image-…` */
  read(): Promise<Float32Array>;
}

export interface InputOptions {
  readonly image?: string[] | undefined;
  readonly input?: string | undefined;
  readonly fit?: string | undefined;
  readonly mean?: string | undefined;
  readonly std?: string | undefined;
  /** Pixels that one picture moves to the right from frame to frame. */
  readonly pace?: string | undefined;
}

const PICTURE = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i;

/** What the model is to see, in order. Pictures are read one by one later. @param note hears of what is not certain */
export function inputsOf(
  target: Target,
  options: InputOptions,
  note: (line: string) => void = () => {},
): Input[] {
  const picture = pictureOf(target.of);
  if (!picture) throw new UsageError(`${target.name} takes no picture; give its inputs with --input`);
  const { channels, height, width } = picture;
  const frames = framesOf(target.of);
  if (options.pace !== undefined && (frames === undefined || options.input !== undefined))
    throw new UsageError(
      '--pace moves a picture through the frames of a clip; it needs --image, and a model of clips',
    );
  if (options.input !== undefined) {
    const one = [channels, height, width];
    return tensorInputs(options.input, pictureName(target.of), frames === undefined ? one : [frames, ...one]);
  }
  if (channels !== 3 && channels !== 1)
    throw new UsageError(
      `the model takes ${channels} channels; pictures have 3, so give a tensor with --input`,
    );
  const spec = specOf(target.preprocessing, options);
  const pictures = (options.image ?? []).flatMap(pictureFiles).map((path) => ({
    name: path,
    async read() {
      const { decodeImage } = await import('#lib/images/decode.node.ts');
      const picture = await decodeImage(readFileSync(path), path);
      if (picture.notes.includes('inks'))
        note(
          `${path} is in printing inks (CMYK), which every program turns into other colours; save it as RGB`,
        );
      return preprocess(picture, spec);
    },
  }));
  return frames === undefined
    ? pictures
    : clipsOf(pictures, { frames, channels, height, width }, options.pace, note);
}

/** Frames of a clip; undefined for a model that sees single pictures. */
function framesOf(of: Blueprint): number | undefined {
  const input = pixelInputOf(of);
  return input?.role === 'frames' ? input.shape[1] : undefined;
}

/**
 * Clips of pictures: as many pictures in order as a clip has frames, or a multiple of them; one picture alone stands still in
 * all frames, or moves with `--pace`.
 */
function clipsOf(
  pictures: readonly Input[],
  size: ClipSize,
  pace: string | undefined,
  note: (line: string) => void,
): Input[] {
  const { frames } = size;
  const [first] = pictures;
  if (first && pictures.length === 1 && frames > 1) {
    const by = Number(pace ?? 0);
    if (pace === '' || !Number.isInteger(by))
      throw new UsageError(`--pace takes whole pixels a frame, not "${pace}"`);
    const moves =
      by === 0 ? 'stands still' : `moves ${Math.abs(by)} pixels a frame to the ${by > 0 ? 'right' : 'left'}`;
    note(`the model takes clips of ${frames} frames; the picture ${moves} in them`);
    return [{ name: first.name, read: async () => movingFrames(await first.read(), size, by) }];
  }
  if (pace !== undefined) throw new UsageError('--pace moves one picture; of several, each is a frame');
  if (pictures.length % frames !== 0)
    throw new UsageError(
      `the model takes clips of ${frames} frames: give 1 picture, or ${frames} for each clip, in order, not ${pictures.length}`,
    );
  return Array.from({ length: pictures.length / frames }, (_, clip) => {
    const own = pictures.slice(clip * frames, (clip + 1) * frames);
    return {
      name: own[0]!.name,
      async read() {
        const { channels, height, width } = size;
        const values = new Float32Array(frames * channels * height * width);
        for (const [f, frame] of own.entries()) values.set(await frame.read(), f * channels * height * width);
        return values;
      },
    };
  });
}

/** The file itself, or the pictures of a folder by name. */
export function pictureFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => PICTURE.test(name));
  if (files.length === 0)
    throw new UsageError(`the folder ${path} holds no pictures (.jpg, .png, .webp, .gif, .avif, .tiff)`);
  return files.sort().map((name) => join(path, name));
}

/** Height and width of the pictures in a file of inputs; undefined where it has none. */
export function pictureSizeIn(path: string): readonly [number, number] | undefined {
  const file = parseSafetensors(readBytes(path), path);
  const name = file.names().find((found) => found === 'x' || found.endsWith('.x'));
  const [height, width] = (name === undefined ? undefined : file.get(name)?.shape.slice(-2)) ?? [];
  return height === undefined || width === undefined ? undefined : [height, width];
}

/** The input that the picture is fed to. */
export const pictureName = (of: Blueprint): string => pixelInputOf(of)?.name ?? 'x';

function tensorInputs(path: string, name: string, shape: readonly number[]): Input[] {
  const file = parseSafetensors(readBytes(path), path);
  const stored = file.tensor(name).shape;
  const values = file.float32(name);
  const [count = 0, ...one] = stored;
  if (shapeText(one) !== shapeText(shape) || count < 1) {
    throw new UsageError(
      `${path}, tensor "${name}": its shape is ${shapeText(stored)}, the model takes ${shapeText(['n', ...shape])}`,
    );
  }
  const length = values.length / count;
  return Array.from({ length: count }, (_, i) => ({
    name: count === 1 ? path : `${path}[${i}]`,
    read: async () => values.subarray(i * length, (i + 1) * length),
  }));
}

/** The usual preparation with what is said of it. @throws UsageError */
export function specOf(usual: PreprocessSpec, { fit, mean, std }: InputOptions): PreprocessSpec {
  if (fit !== undefined && fit !== 'crop' && fit !== 'squash')
    throw new UsageError(`--fit takes crop or squash, not "${fit}"`);
  return {
    ...usual,
    ...(fit === undefined ? {} : { fit }),
    ...(mean === undefined ? {} : { mean: three(mean, '--mean', -Infinity) }),
    ...(std === undefined ? {} : { std: three(std, '--std', 0) }),
  };
}

function three(text: string, option: string, above: number): number[] {
  const values = text.split(',').map(Number);
  if (values.length !== 3 || !values.every((v) => Number.isFinite(v) && v > above)) {
    throw new UsageError(
      `${option} takes three numbers${above === 0 ? ' above 0' : ''} with commas between them, not "${text}"`,
    );
  }
  return values;
}
