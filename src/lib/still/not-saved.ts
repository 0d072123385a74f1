import type { Text } from '#lib/base/lang.ts';

/** Said where a figure could not be saved. */
export const NOT_SAVED: Text = {
  en: 'The figure could not be saved. Reload the page and try again; a screenshot works in any case.',
  zh: '这张图没能保存。请刷新页面再试一次，也可以直接截屏。',
};
