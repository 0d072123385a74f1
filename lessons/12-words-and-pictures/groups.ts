import type { Text } from '#lib/base/lang.ts';

/** A mark of a kind of sign: a colour of tokens.css and a form, so that colour is not needed to tell them apart. */
export interface GroupMark {
  readonly name: Text;
  readonly colour: string;
  readonly form: 'disc' | 'square' | 'triangle' | 'diamond' | 'ring' | 'cross' | 'bar';
}

/** The groups of the list of signs (Unicode’s), by their names in it. */
export const GROUPS: Readonly<Record<string, GroupMark>> = {
  'smileys-emotion': { name: { en: 'faces', zh: '表情' }, colour: 'kind-2', form: 'disc' },
  'people-body': { name: { en: 'people', zh: '人物' }, colour: 'kind-4', form: 'triangle' },
  'animals-nature': { name: { en: 'animals, nature', zh: '动物与自然' }, colour: 'kind-3', form: 'diamond' },
  'food-drink': { name: { en: 'food, drink', zh: '食物与饮料' }, colour: 'kind-6', form: 'square' },
  'travel-places': { name: { en: 'travel, places', zh: '旅行与地点' }, colour: 'kind-1', form: 'cross' },
  activities: { name: { en: 'activities', zh: '活动' }, colour: 'kind-5', form: 'ring' },
  objects: { name: { en: 'objects', zh: '物品' }, colour: 'control', form: 'bar' },
};
