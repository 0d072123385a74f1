import { inputsOf, type Blueprint, type InputSpec, type InputValues } from '#lib/models/registry.ts';
import type { InspectorState } from './state.ts';

/** What the reader changes of a running model. */
export type Changes = Pick<InspectorState, 'cut' | 'skip' | 'pos' | 'tau' | 'sk' | 'conv' | 'more'>;

export const NO_CHANGES: Changes = {
  cut: [],
  skip: [],
  pos: true,
  tau: 1,
  sk: [],
  conv: true,
  more: {},
};

/** What of a link is about the model that was open: another begins so. */
export const AS_OPENED = {
  p: 0,
  c: {},
  cell: [],
  ...NO_CHANGES,
  run: 'none',
  keep: [],
  via: 'none',
  b: 'none',
  bcut: [],
} satisfies Partial<InspectorState>;

/** Whether anything is changed at all. */
export function changed({ cut, skip, pos, tau, sk, conv, more }: Changes): boolean {
  const lists = cut.length > 0 || skip.length > 0 || sk.length > 0 || Object.keys(more).length > 0;
  return lists || !pos || !conv || tau !== 1;
}

/** A change of one input: the places that are off, or a factor. */
export type Change = { readonly off: readonly string[] } | { readonly factor: number };

/** Inputs whose changes have a field of their own in the link, since before there were others. */
const PLACES = { head_mask: 'cut', block_skip: 'skip', skip_gates: 'sk' } as const;
const FLAGS = { pos_scale: 'pos', conv_gate: 'conv' } as const;
const has = <T extends object>(of: T, name: string): name is Extract<keyof T, string> =>
  Object.hasOwn(of, name);

/** What the reader has changed of an input; no places and the factor 1 where it is as it was trained. */
export function changeOf(changes: Changes, { name, control }: Pick<InputSpec, 'name' | 'control'>): Change {
  if (has(PLACES, name)) return { off: changes[PLACES[name]] };
  if (has(FLAGS, name)) return { factor: changes[FLAGS[name]] ? 1 : 0 };
  if (name === 'attn_temperature') return { factor: changes.tau };
  const places = changes.more[name];
  if (control?.kind === 'heads' || control?.kind === 'gates') return { off: places ?? [] };
  return { factor: places === undefined ? 1 : Number(places[0]) };
}

/** The fields of the link that say so. */
export function withChange(changes: Changes, name: string, to: Change): Partial<Changes> {
  if ('off' in to) {
    if (has(PLACES, name)) return { [PLACES[name]]: to.off };
  } else {
    if (has(FLAGS, name)) return { [FLAGS[name]]: to.factor !== 0 };
    if (name === 'attn_temperature') return { tau: to.factor };
  }
  const { [name]: _, ...rest } = changes.more;
  const places = 'off' in to ? to.off : to.factor === 1 ? [] : [String(to.factor)];
  return { more: places.length > 0 ? { ...rest, [name]: places } : rest };
}

/**
 * Values of the intervention inputs for some changes: neutral ones with what is off and every factor written in. Places
 * that the model does not have are passed over; undefined when nothing is changed.
 */
export function interventionsOf(of: Blueprint, changes: Changes): InputValues | undefined {
  if (!changed(changes)) return undefined;
  const values: Record<string, Float32Array> = {};
  for (const input of inputsOf(of)) {
    if (input.role !== 'intervention' || !input.control || !input.neutral) continue;
    const change = changeOf(changes, input);
    if ('off' in change) {
      if (change.off.length > 0) values[input.name] = switchedOff(input, change.off);
    } else if (change.factor !== 1) {
      values[input.name] = input.neutral.map((v) => v * change.factor);
    }
  }
  return values;
}

/** The neutral values with 0 at some places, each an index along every dimension: `2.1`. */
function switchedOff({ neutral, shape }: InputSpec, places: readonly string[]): Float32Array {
  const values = neutral!.slice();
  for (const place of places) {
    const index = place.split('.').map(Number);
    const inside = index.length === shape.length && index.every((n, i) => n < shape[i]!);
    if (inside) values[index.reduce((at, n, i) => at * shape[i]! + n, 0)] = 0;
  }
  return values;
}
