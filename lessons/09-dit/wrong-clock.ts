import type { Text } from '#lib/base/lang.ts';
import measured from './measured.json' with { type: 'json' };
import type { Kind } from './model.ts';

/** Errors of the predicted noise at one state, rms: told its true time, and told another. */
export interface Lie {
  readonly true: number;
  readonly told: number;
  readonly uvit: { readonly right: number; readonly wrong: number };
  readonly dit: { readonly right: number; readonly wrong: number };
}
/** Measured by tests/measure.py on the picture and the class that the lesson opens with. */
const ALL: readonly Lie[] = measured.lies;

/** By how much the lie makes a network err more. */
export const growth = (lie: Lie, kind: Kind): number => lie[kind].wrong - lie[kind].right;
/** The network that it hurts more. */
export const harmed = (lie: Lie): Kind => (growth(lie, 'uvit') > growth(lie, 'dit') ? 'uvit' : 'dit');

/** The lies that the exercise asks about: those that hurt one network clearly more. */
export const LIES: readonly Lie[] = ALL.filter((lie) => {
  const [a, b] = [growth(lie, 'uvit'), growth(lie, 'dit')];
  return Math.abs(a - b) > 0.1 * Math.max(Math.abs(a), Math.abs(b));
});

/** What the wrong answer overlooks. */
export function mistakeOf(given: Kind): Text {
  if (given === 'uvit')
    return {
      en: 'A token can be looked at, or hardly be looked at. Ask which of the two networks has a part that the time does not reach.',
      zh: '一个词元可能有头读取，也可能几乎没有头读取。请想一想：哪一个网络中有时间影响不到的部分？',
    };
  return {
    en: 'All channels of DiT are scaled by the time, but look at the numbers: here the token did more harm.',
    zh: 'DiT 的所有通道确实都由时间缩放，但请看数值：在这里，时间词元给出错误的时刻时，影响更大。',
  };
}
