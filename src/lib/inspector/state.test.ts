import { describe, expect, it } from 'vitest';
import { readLink, writeLink } from '#lib/state/permalink.ts';
import { defaultsOf } from '#lib/state/schema.ts';
import { inspectorState } from './state.ts';

describe("the inspector's link", () => {
  it('says nothing for the defaults', () => {
    expect(writeLink(inspectorState, defaultsOf(inspectorState))).toBe('');
  });

  it('opens again what it was written from', () => {
    const state = {
      ...defaultsOf(inspectorState),
      m: 'uvit-s-2-cifar10',
      t: 'blocks.3.attn.probs[2]',
      p: 8,
      c: { dim: 768, qkvBias: false, positions: 'none', mlpRatio: 2.5, depths: [2, 2, 18], heads: [4] },
      more: { 'layers.0.keep': ['3', '12'], 'layers.1.head_mask': ['0.1'], shift_mask: ['0'] },
      pins: ['tokens', 'blocks.0.attn.q'],
      cell: [0, 5, 17],
      cut: ['0.1', '11.2'],
      skip: ['3'],
      pos: false,
      tau: 0.5,
      b: 'heads' as const,
      bcut: ['2.0'],
      sk: ['5'],
      conv: false,
      at: 0.125,
      y: -1,
      seed: 7,
      keep: ['0', '195'],
      w: ['a goat, drawn', '山羊 🐐'],
      bat: 1,
    };
    const link = writeLink(inspectorState, state);
    const opened = readLink(inspectorState, link);
    expect(opened.problems).toEqual([]);
    expect(opened.state).toEqual(state);
  });

  it('reads the short form that lessons link to', () => {
    const { state, problems } = readLink(inspectorState, '?m=vit-flexi&t=blocks.3.attn.probs&p=8&pic=koala');
    expect(problems).toEqual([]);
    expect(state).toMatchObject({ m: 'vit-flexi', t: 'blocks.3.attn.probs', p: 8, pic: 'koala' });
  });

  it.each([
    ['t=%3Cscript%3E', 't'],
    ['pins=a~b~c~d~e', 'pins'],
    ['c=dim', 'c'],
    ['cell=1.x', 'cell'],
    ['cut=1', 'cut'],
    ['view=map', 'view'],
  ])('keeps the default and says so for %s', (link, field) => {
    const { state, problems } = readLink(inspectorState, `?${link}`);
    expect(problems).toMatchObject([{ kind: 'value', field }]);
    expect(state).toEqual(defaultsOf(inspectorState));
  });
});
