/** Words to press, in both languages: names of signs, and words that are put together. */
export const SUGGESTIONS = [
  'goat',
  '红色的蘑菇',
  'smiling face with sunglasses',
  '火箭',
  'birthday cake',
] as const;
