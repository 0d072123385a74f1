import { sizeOf } from '#lib/base/tensor.ts';
import { preprocess } from '#lib/images/preprocess.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { familyOf, inputsOf, neutralOf, withVariant, type InputValues } from '#lib/models/registry.ts';
import type { House } from '../house.ts';
import { readPicture, readPlain } from './read-message.ts';
import { Refused } from './refused.ts';
import { readTexts, type ReadTexts } from './texts.ts';

/** What a pass is fed. */
export interface Fed {
  /** The configuration with the sizes that were asked for. */
  readonly wished: ModelConfig;
  readonly variant: Readonly<Record<string, number>>;
  readonly inputs: InputValues;
  /** The graph is built with its intervention inputs. */
  readonly intervenes: boolean;
}

/**
 * What a cell gives a model, as the model takes it: the page's picture by default, texts as it reads them, sizes that it
 * can change, inputs and interventions by their names.
 * @param of `picture`, `texts` and `given`, as the sandbox sends them; anything may stand there
 * @throws Refused where the model takes no such thing, or not so many values
 */
export async function fed(
  house: House,
  live: LiveModel,
  config: ModelConfig,
  of: Readonly<Record<string, unknown>>,
): Promise<Fed> {
  const { picture, texts, given } = of;
  const sizes = familyOf(config.architecture).variants?.fields ?? [];
  const all = Object.entries(Object(given) as Record<string, unknown>);
  const read = await readTexts(config, live, texts === undefined ? undefined : readPlain(texts));
  if (read && 'en' in read) throw new Refused(read);
  const wishes = all.filter(([name, v]) => sizes.includes(name) && typeof v === 'number');
  const variant = { ...(Object.fromEntries(wishes) as Record<string, number>), ...read?.variant };
  const wished = withVariant(config, variant);
  const neutral = neutralOf(wished);
  const inputs = {
    ...feed(house, wished, config, readPicture(picture), all, read),
    ...interventions(neutral, wished, all),
  };
  const known = [...inputsOf(wished).map(({ name }) => name), ...sizes, ...GIVEN];
  const unknown = all.find(([name]) => !known.includes(name));
  if (unknown)
    throw new Refused({
      en: `${config.name} takes no “${unknown[0].slice(0, 60)}”. It takes picture, tensors, ${known.join(', ')}.`,
      zh: `${config.name} 没有“${unknown[0].slice(0, 60)}”这一项。可以写的是：picture、tensors、${known.join('、')}。`,
    });
  return { wished, variant, inputs, intervenes: Object.keys(neutral).some((name) => name in inputs) };
}

/** What a denoiser is told, beside its inputs by name. */
const GIVEN = ['time', 'class', 'seed'];

/** What the network is fed, as its family makes it of what is given, and inputs by their names over that. */
function feed(
  house: House,
  of: ModelConfig,
  config: ModelConfig,
  own: Rgba | undefined,
  all: readonly (readonly [string, unknown])[],
  texts: ReadTexts | undefined,
): InputValues {
  const number = (name: string, otherwise: number) => {
    const value = all.find(([n]) => n === name)?.[1];
    return typeof value === 'number' ? value : otherwise;
  };
  const rgba = own ?? house.picture;
  const fed = familyOf(of.architecture).feed(of.config, {
    picture: rgba && preprocess(rgba, config.preprocessing),
    time: number('time', 0.5),
    class: number('class', -1),
    seed: number('seed', 1),
    visible: [],
    ...(texts && { tokens: texts.rows }),
    diffusion: config.diffusion,
  });
  const named = inputsOf(of).flatMap(({ name, role, shape }) => {
    const value = all.find(([n]) => n === name)?.[1];
    return role === 'intervention' || value === undefined
      ? []
      : [[name, fitted(name, value, shape)] as const];
  });
  const tokens = texts && { [texts.input]: Float32Array.from(texts.rows.flat()) };
  if (!fed && named.length === 0 && !tokens)
    throw new Refused({
      en: `${config.name} could not be fed: there is no picture yet, or it needs more than a picture.`,
      zh: `${config.name} 缺少输入：还没有图片，或者它需要的不只是图片。`,
    });
  return { ...tokens, ...fed, ...Object.fromEntries(named) };
}

function interventions(
  neutral: ReturnType<typeof neutralOf>,
  of: ModelConfig,
  all: readonly (readonly [string, unknown])[],
): InputValues {
  const given = all.filter(([name]) => Object.hasOwn(neutral, name));
  if (given.length === 0) return {};
  const whole = Object.fromEntries(Object.entries(neutral).map(([name, { data }]) => [name, data]));
  const set = given.map(([name, value]) => [name, fitted(name, value, neutral[name]?.shape ?? [])] as const);
  return { ...whole, ...Object.fromEntries(set) };
}

/** @throws Refused where the values are not as many as the input takes */
function fitted(name: string, value: unknown, shape: readonly number[]): Float32Array {
  const list = typeof value === 'number' ? [value] : Array.isArray(value) ? value.flat(Infinity) : undefined;
  const flat = list ? Float32Array.from(list, Number) : value;
  if (flat instanceof Float32Array && flat.length === sizeOf(shape)) return flat;
  const many = flat instanceof Float32Array ? flat.length : 0;
  throw new Refused({
    en: `${name} takes [${shape.join(', ')}], ${sizeOf(shape)} values, and was given ${many || 'none'}.`,
    zh: `${name} 的形状是 [${shape.join(', ')}]，需要 ${sizeOf(shape)} 个数值，${many ? `这里给了 ${many} 个` : '这里一个也没有给'}。`,
  });
}
