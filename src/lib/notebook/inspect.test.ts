import { describe, expect, it } from 'vitest';
import { defineState, int, name } from '#lib/state/schema.ts';
import { inspectedBy, inspectHref, inspectQuery } from './inspect.ts';
import { Walkthrough } from './walkthrough.svelte.ts';
import { defineLesson } from './types.ts';

const text = { en: 'x', zh: 'x' };
const lesson = (models: readonly string[]) =>
  defineLesson({
    number: 1,
    part: 1,
    short: text,
    title: text,
    lead: text,
    minutes: 1,
    objectives: [],
    models,
    state: defineState(1, { p: int(16, { min: 4, max: 64 }), pic: name('cat') }),
    steps: [{ id: 'a' }],
    terms: [],
    references: [],
  });

describe('the way to the inspector', () => {
  it('says model, tensor, patch size and picture of what the lesson shows', () => {
    const walkthrough = new Walkthrough(lesson(['vit-flexi', 'other']), '01-a', {});
    walkthrough.state.p = 8;
    const what = inspectedBy(walkthrough);
    expect(what).toEqual({ model: 'vit-flexi', patch: 8, picture: 'cat' });
    expect(inspectQuery('blocks.3.attn.probs', what!)).toBe('?m=vit-flexi&t=blocks.3.attn.probs&p=8&pic=cat');
    expect(inspectHref('zh', 'x', { model: 'm' })).toBe('/zh/inspector/?m=m&t=x');
    const denoiser = { model: 'm', time: 0.5, class: -1, seed: 7 };
    expect(inspectQuery('x', denoiser)).toBe('?m=m&t=x&at=0.5&y=-1&seed=7');
    const state = { sampler: 'ddim', steps: 20, step: 8, guidance: 1.5, eta: 0, clip: true };
    expect(inspectQuery('x', { ...denoiser, run: state })).toBe(
      '?m=m&t=x&y=-1&seed=7&run=ddim&rn=20&rk=8&rw=1.5&reta=0&rclip=1',
    );
    const masked = { model: 'mae', visible: [3, 0, 7], config: { maskRatio: 0.5 } };
    expect(new URLSearchParams(inspectQuery('x', masked)).get('keep')).toBe('3~0~7');
    expect(new URLSearchParams(inspectQuery('x', masked)).get('c')).toBe('maskRatio:0.5');
    // A sampler's times have more digits than a link takes.
    expect(inspectQuery('x', { model: 'm', time: 18 / 19 })).toBe('?m=m&t=x&at=0.947');
    expect(inspectQuery('x', { model: 'm', time: 1e-7 })).toBe('?m=m&t=x&at=0');
  });

  it('knows of none where no model runs', () => {
    const walkthrough = new Walkthrough(lesson([]), '01-a', {});
    expect(inspectedBy(walkthrough)).toBeUndefined();
  });
});
