import type { Lang, Text } from '#lib/base/lang.ts';
import type { EmojiAtlas } from '#lib/pictures/emoji.ts';
import type { GalleryPicture } from '#lib/pictures/gallery.ts';

/** A picture of the matrix: a sign by its place in the atlas, or a photo of the gallery. */
export type PairPicture = { readonly id: string; readonly name: Text } & (
  | { readonly sign: number; readonly photo?: undefined }
  | { readonly photo: number; readonly sign?: undefined }
);

/** Pictures that a matrix has. Six words still fit on a phone. */
export const PAIRS = { least: 2, most: 6 } as const;
/** Pictures of a fresh matrix. */
export const FIRST_PAIRS = '1F410_1F34E_1F697_sunflower';

/** What pictures are looked up in. */
export interface PairSource {
  readonly atlas: Pick<EmojiAtlas, 'concepts'>;
  readonly photos: readonly Pick<GalleryPicture, 'id' | 'title'>[];
}

/** A picture by its id; undefined for an id that is none. */
export function pairPicture(id: string, { atlas, photos }: PairSource): PairPicture | undefined {
  const photo = photos.findIndex((one) => one.id === id);
  if (photo >= 0) return { id, name: photos[photo]!.title, photo };
  const sign = atlas.concepts.findIndex((one) => one.id === id);
  return sign < 0 ? undefined : { id, name: atlas.concepts[sign]!.name, sign };
}

/** The pictures that a link names, each once; the first ones where it names too few that there are. */
export function pairPictures(ids: string, source: PairSource): readonly PairPicture[] {
  const read = (list: string) => [...new Set(list.split('_'))].flatMap((id) => pairPicture(id, source) ?? []);
  const named = read(ids).slice(0, PAIRS.most);
  return named.length < PAIRS.least ? read(FIRST_PAIRS) : named;
}

/** Ids on one line, as the link has them. */
export const joinIds = (pictures: readonly { readonly id: string }[]): string =>
  pictures.map(({ id }) => id).join('_');

/** What stands between two words of a link; a reader who types it gets the full-width one. */
const BETWEEN = ';';
/** Characters of a word of the matrix. */
export const MOST_WORD = 30;

/** What the reader wrote beside each picture, '' where nothing: the picture's name stands there. */
export const splitWords = (words: string, count: number): readonly string[] => {
  const parts = words.split(BETWEEN);
  return Array.from({ length: count }, (_, i) => parts[i] ?? '');
};

/** Words on one line, as the link has them. */
export const joinWords = (words: readonly string[]): string => {
  const cut = words.map((word) => Array.from(word.replaceAll(BETWEEN, '；')).slice(0, MOST_WORD).join(''));
  return cut.some((word) => word.trim() !== '') ? cut.join(BETWEEN) : '';
};

/** The texts of the matrix, one for each picture. */
export const pairTexts = (words: string, pictures: readonly PairPicture[], lang: Lang): readonly string[] =>
  splitWords(words, pictures.length).map((word, i) => word.trim() || pictures[i]!.name[lang]);
