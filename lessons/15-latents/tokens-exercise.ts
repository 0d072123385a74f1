import type { Mistake } from '#lib/notebook/mistakes.ts';

/** A picture, the autoencoder's factor, and the patch that the transformer cuts its latents into. */
export interface TokensCase {
  /** Pixels a side. */
  readonly side: number;
  readonly factor: number;
  /** Cells a side of a patch. */
  readonly patch: number;
}

/** The first two are those of published models at 256 and 512 pixels. */
export const TOKENS_CASES: readonly TokensCase[] = [
  { side: 256, factor: 8, patch: 2 },
  { side: 512, factor: 8, patch: 2 },
  { side: 64, factor: 4, patch: 1 },
  { side: 256, factor: 16, patch: 1 },
  { side: 512, factor: 4, patch: 4 },
];

/** How many patches there are, and the usual ways to miss it. */
export function tokensTask({ side, factor, patch }: TokensCase): {
  readonly tokens: number;
  /** Cells a side of the latents, patches a side. */
  readonly cells: number;
  readonly rows: number;
  readonly mistakes: readonly Mistake[];
} {
  const cells = side / factor;
  const rows = cells / patch;
  const tokens = rows ** 2;
  const is =
    (n: number): Mistake['when'] =>
    ([given]) =>
      given === n && n !== tokens;
  return {
    tokens,
    cells,
    rows,
    mistakes: [
      {
        when: is(rows),
        say: {
          en: 'That is how many patches stand in one row. There are as many rows.',
          zh: '这是一行里的图像块个数。行数也是这么多。',
        },
      },
      {
        when: is(cells ** 2),
        say: {
          en: 'These are the cells of the latents. A patch takes several of them; look at its side.',
          zh: '这是隐变量的单元数。一个图像块占好几个单元，请看它的边长。',
        },
      },
      {
        when: is((side / patch) ** 2),
        say: {
          en: 'You have cut the picture itself into patches. The transformer sees the latents alone.',
          zh: '你切的是图片本身。Transformer 看到的只是隐变量。',
        },
      },
      {
        when: is(cells ** 2 / patch),
        say: {
          en: 'A patch is a square: its side divides the rows and the columns.',
          zh: '图像块是正方形：行数和列数都要除以它的边长。',
        },
      },
    ],
  };
}
