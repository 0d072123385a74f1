import type { Mistake } from '#lib/notebook/mistakes.ts';
import { bitsOf } from './code-bits.ts';

/** A picture, the factor of its autoencoder, and the size of the codebook. */
export interface BitsCase {
  readonly side: number;
  readonly factor: number;
  readonly codes: number;
}
/** The first is VQGAN's, the fourth LlamaGen's at 256 pixels. */
export const BITS_CASES: readonly BitsCase[] = [
  { side: 256, factor: 16, codes: 1024 },
  { side: 64, factor: 8, codes: 256 },
  { side: 128, factor: 16, codes: 4096 },
  { side: 256, factor: 16, codes: 16384 },
];

/** How many bits the codes of a picture are, and the usual ways to miss it. */
export function bitsTask({ side, factor, codes }: BitsCase): {
  readonly bits: number;
  readonly rows: number;
  readonly places: number;
  readonly each: number;
  readonly mistakes: readonly Mistake[];
} {
  const rows = side / factor;
  const places = rows ** 2;
  const { each, bits } = bitsOf(places, codes);
  const is =
    (n: number): Mistake['when'] =>
    ([given]) =>
      given === n && n !== bits;
  return {
    ...{ bits, rows, places, each },
    mistakes: [
      {
        when: is(places * codes),
        say: {
          en: 'You have multiplied by the number of codes. A number below K takes only log₂ K bits.',
          zh: '你乘的是码字的个数。写下一个小于 K 的编号只需要 log₂ K 比特。',
        },
      },
      {
        when: is(rows * each),
        say: {
          en: 'That is one row of the grid. There are as many rows.',
          zh: '这只是网格的一行。行数也是这么多。',
        },
      },
      {
        when: is(side ** 2 * each),
        say: {
          en: 'You have counted the pixels. One code stands for a square of pixels: divide each side by the factor first.',
          zh: '你数的是像素。一个码字代表一小方像素：先把每条边除以下采样倍数。',
        },
      },
      {
        when: is(bits / 8),
        say: { en: 'These are bytes. The question is about bits.', zh: '这是字节数。题目问的是比特。' },
      },
      {
        when: is(places),
        say: {
          en: 'That is how many codes there are. Each of them takes several bits.',
          zh: '这是码字的个数。每个码字还要占好几个比特。',
        },
      },
    ],
  };
}
