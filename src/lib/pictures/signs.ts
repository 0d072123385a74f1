import type { Text } from '#lib/base/lang.ts';

/** Signs that can be encoded in place of a picture, by their id in the atlas. */
export const SIGNS: readonly { readonly id: string; readonly name: Text }[] = [
  { id: '1F410', name: { en: 'goat', zh: '山羊' } },
  { id: '1F344', name: { en: 'mushroom', zh: '蘑菇' } },
  { id: '1F60E', name: { en: 'smiling face with sunglasses', zh: '墨镜笑脸' } },
  { id: '1F3E0', name: { en: 'house', zh: '房子' } },
  { id: '1F697', name: { en: 'automobile', zh: '汽车' } },
  { id: '1F33B', name: { en: 'sunflower', zh: '向日葵' } },
  { id: '1F42F', name: { en: 'tiger face', zh: '老虎头' } },
  { id: '1F382', name: { en: 'birthday cake', zh: '生日蛋糕' } },
  { id: '1F3B8', name: { en: 'guitar', zh: '吉他' } },
  { id: '1F98B', name: { en: 'butterfly', zh: '蝴蝶' } },
];
