/** Texts to press: things and what is done with them, in both languages, and two that the tower has never read. */
export const SUGGESTIONS = [
  'goat',
  '山羊',
  'something to drink',
  '下雨',
  'broken heart',
  '生日',
  'wheel',
  '🐐',
  'xqvz',
] as const;
