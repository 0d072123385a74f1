import type { Lang, Text } from '#lib/base/lang.ts';
import { galleryPicture, OWN } from '#lib/pictures/gallery.ts';
import type { Caption } from '#lib/still/figure-file.ts';
import { settingsOf, type Setting } from '#lib/still/settings.ts';
import { addressOf } from '../address.ts';
import type { View } from '../types.ts';
import type { Walkthrough } from '../walkthrough.svelte.ts';

const TEXT = {
  en: {
    lesson: (n: number, short: string) => `Patchwork · Lesson ${n}: ${short}`,
    view: 'View',
    colon: ': ',
    between: '; ',
    picture: (title: string, author: string, licence: string, source: string) =>
      `Picture: ${title}, by ${author}, ${licence}, ${source}`,
    own: 'Picture: the reader’s own. It has not left their browser, so that the link opens with another one.',
  },
  zh: {
    lesson: (n: number, short: string) => `Patchwork · 第 ${n} 课：${short}`,
    view: '视图',
    colon: '：',
    between: '；',
    picture: (title: string, author: string, licence: string, source: string) =>
      `图片：${title}，作者 ${author}，许可 ${licence}，${source}`,
    own: '图片：读者自己的图片。它从未离开读者的浏览器，所以打开链接时会换成另一张。',
  },
} as const;

/** The title of a step; of one that continues another, that one's. */
export function stepTitle(walkthrough: Walkthrough, id: string): Text | undefined {
  const { steps } = walkthrough.lesson;
  return steps.slice(0, steps.findIndex((s) => s.id === id) + 1).findLast((s) => s.title)?.title;
}

/** `View: Compare; Patch size: 16 px; Layer: 11 / 11`. */
export function settingsLine(view: Text | undefined, settings: readonly Setting[], lang: Lang): string {
  const { view: word, colon, between } = TEXT[lang];
  const all = [...(view ? [{ label: word, value: view[lang] }] : []), ...settings];
  return all.map(({ label, value }) => `${label}${colon}${value}`).join(between);
}

/** Whose picture this is and under which licence; undefined for an id that is none. */
export function creditOf(id: string, lang: Lang): string | undefined {
  if (id === OWN) return TEXT[lang].own;
  const known = galleryPicture(id);
  return known && TEXT[lang].picture(known.title[lang], known.author, known.licence, known.source);
}

/** What is said under a figure that leaves the page: read off the stage as it is now. */
export function captionOf(
  card: HTMLElement,
  walkthrough: Walkthrough,
  view: View | undefined,
  lang: Lang,
): Caption {
  const { lesson, step } = walkthrough;
  const title = stepTitle(walkthrough, step);
  const line = settingsLine(view?.label, settingsOf(card), lang);
  const picture = card.querySelector<HTMLElement>('[data-picture]')?.dataset.picture;
  return {
    title: [TEXT[lang].lesson(lesson.number, lesson.short[lang]), title?.[lang]].filter(Boolean).join(' · '),
    lines: line ? [line] : [],
    credit: picture === undefined ? undefined : creditOf(picture, lang),
    // Even at the beginning the link names its version: whoever opens it sees this view, not their own picture.
    link: addressOf(walkthrough.link || `?v=${lesson.state.version}`),
    lang: lang === 'zh' ? 'zh-CN' : 'en',
  };
}

/** `03-attention-rollout-compare`: lesson, step, view. */
export function figureName(walkthrough: Walkthrough): string {
  const view = walkthrough.state['view'];
  return [walkthrough.slug, walkthrough.step, ...(typeof view === 'string' ? [view] : [])].join('-');
}
