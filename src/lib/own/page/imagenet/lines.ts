import { EN, ZH } from './names.ts';

const listed = (names: string): readonly string[] => names.split(/[|\n]/).filter((name) => name !== '');

/** The 1000 classes in their order, as a reader would write them: `tench | 丁鱥`. */
export function imagenetLines(): readonly string[] {
  const chinese = listed(ZH);
  return listed(EN).map((name, i) => `${name} | ${chinese[i] ?? name}`);
}

/** Their English names. */
export const imagenetNames = (): readonly string[] => listed(EN);
