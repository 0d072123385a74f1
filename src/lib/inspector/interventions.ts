import { architectureOf, type Blueprint } from '#lib/models/registry.ts';
import type { InspectorState } from './state.ts';

/** What the reader changes of a running model. */
export type Changes = Pick<InspectorState, 'cut' | 'skip' | 'pos' | 'tau' | 'sk' | 'conv'>;

export const NO_CHANGES: Changes = { cut: [], skip: [], pos: true, tau: 1, sk: [], conv: true };

/** Whether anything is changed at all. */
export function changed({ cut, skip, pos, tau, sk, conv }: Changes): boolean {
  return cut.length > 0 || skip.length > 0 || sk.length > 0 || !pos || !conv || tau !== 1;
}

/**
 * Values of the intervention inputs for some changes: neutral ones with the cut heads, passed-over blocks, positions
 * and temperature written in. Places that the model does not have are passed over; undefined when nothing is changed.
 */
export function interventionsOf(of: Blueprint, changes: Changes): Record<string, Float32Array> | undefined {
  if (!changed(changes)) return undefined;
  const neutral = architectureOf(of.architecture).neutral(of.config);
  const values: Record<string, Float32Array> = {};
  const copy = (name: string): { data: Float32Array; shape: readonly number[] } | undefined => {
    const input = neutral[name];
    if (!input) return undefined;
    values[name] ??= input.data.slice();
    return { data: values[name], shape: input.shape };
  };
  for (const place of changes.cut) {
    const [block = 0, head = 0] = place.split('.').map(Number);
    const mask = copy('head_mask');
    const [blocks = 0, heads = 0] = mask?.shape ?? [];
    if (mask && block < blocks && head < heads) mask.data[block * heads + head] = 0;
  }
  for (const place of changes.skip) {
    const gates = copy('block_skip');
    if (gates && Number(place) < gates.data.length) gates.data[Number(place)] = 0;
  }
  for (const place of changes.sk) {
    const gates = copy('skip_gates');
    if (gates && Number(place) < gates.data.length) gates.data[Number(place)] = 0;
  }
  if (!changes.conv) copy('conv_gate')?.data.fill(0);
  if (!changes.pos) copy('pos_scale')?.data.fill(0);
  if (changes.tau !== 1) copy('attn_temperature')?.data.fill(changes.tau);
  return values;
}
