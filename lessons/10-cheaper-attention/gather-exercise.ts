import { stagesOf } from '#lib/models/swin/config.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';
import { otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** Side of the picture, stage and the ratio that is left out of the small Swin of this lesson. */
export const GATHER_CASES: readonly { readonly image: number; readonly stage: 0 | 1; readonly r: number }[] =
  [
    { image: 64, stage: 0, r: 0.3 },
    { image: 96, stage: 0, r: 0.4 },
    { image: 128, stage: 1, r: 0.6 },
    { image: 128, stage: 0, r: 0.7 },
    { image: 96, stage: 1, r: 0.25 },
  ];

/**
 * The gathered tensor `[windows kept, M², D]` of a stage, and the usual ways to miss it. The graph that computes the
 * tensor says the same (exercises.test.ts); it would come with every page only for this.
 */
export function gatherTask({ image, stage, r }: (typeof GATHER_CASES)[number]) {
  const whole = { ...swinPresets['swin-shifted-64']!, image };
  const stages = stagesOf(whole);
  const { windows, window, dim, grid } = stages[stage]!;
  const all = windows ** 2;
  const out = Math.floor(r * all);
  const shape = [all - out, window ** 2, dim];
  const mistakes: readonly Mistake[] = [
    otherOrder(shape),
    {
      when: ([kept]) => kept === out && kept !== shape[0],
      say: {
        en: 'The first number is what is left out. The gathered tensor holds the others.',
        zh: '第一个数是去掉的窗口数。收集到的张量里是其余的窗口。',
      },
    },
    {
      when: ([kept]) => kept === all,
      say: {
        en: 'The first number counts all windows. What is left out is not in the gathered tensor.',
        zh: '第一个数是全部窗口数。去掉的窗口不在收集到的张量里。',
      },
    },
    {
      when: ([kept]) => kept === all - Math.ceil(r * all) && kept !== shape[0],
      say: {
        en: 'A part of a window cannot be left out: the number that is left out is rounded down.',
        zh: '不能去掉一部分窗口：去掉的窗口数向下取整。',
      },
    },
    {
      when: ([, tokens]) => tokens === window || tokens === grid ** 2,
      say: {
        en: `A window holds M² tokens: neither one side of it nor the whole grid.`,
        zh: '一个窗口有 M² 个词元：既不是它的一条边，也不是整个网格。',
      },
    },
  ];
  return { shape, all, out, window, grid, dim, mistakes };
}
