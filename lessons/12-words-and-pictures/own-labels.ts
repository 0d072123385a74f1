import type { Lang, Text } from '#lib/base/lang.ts';
import { MOST_TEXTS } from '#lib/state/words.ts';

/** Labels that are read, and characters of one. The text tower has a row for 24 tokens; longer texts are cut there. */
export const MOST_LABELS = MOST_TEXTS;
export const MOST_CHARACTERS = 60;

/** What the reader typed, one label a line, as it can be used. */
export interface OwnLabels {
  /** Different from one another, trimmed, none empty. */
  readonly labels: readonly string[];
  /** What was left out or changed, in sentences. */
  readonly notes: readonly Text[];
}

const characters = (text: string) => Array.from(text);

/** Reads labels, one a line. Nothing the reader types is an error: what cannot be used is said. */
export function readLabels(typed: string): OwnLabels {
  const lines = typed
    .split(/\r\n|\r|\n/)
    .map((line) => line.normalize('NFC').replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const cut = lines.map((line) => characters(line).slice(0, MOST_CHARACTERS).join('').trim());
  const long = lines.filter((line) => characters(line).length > MOST_CHARACTERS).length;
  const keys = new Set<string>();
  const different = cut.filter((line) => {
    const key = line.toLowerCase();
    return !keys.has(key) && keys.add(key);
  });
  const doubles = cut.length - different.length;
  const labels = different.slice(0, MOST_LABELS);
  const notes: Text[] = [];
  if (labels.length === 0) {
    notes.push({
      en: 'The list is empty: write one label per line.',
      zh: '列表是空的：请每行写一个标签。',
    });
  }
  if (labels.length === 1) {
    notes.push({
      en: 'With a single label its probability is always 100 %, because a softmax shares 1 among what it is given.',
      zh: '只有一个标签时，概率总是 100 %，因为 softmax 把 1 分给所给的标签。',
    });
  }
  if (long > 0) {
    notes.push({
      en: `Labels end after ${MOST_CHARACTERS} characters: ${long} shortened.`,
      zh: `每个标签最多 ${MOST_CHARACTERS} 个字符：缩短了 ${long} 个。`,
    });
  }
  if (doubles > 0) {
    notes.push({
      en: `The same label counts once, because two copies would share one probability: ${doubles} left out.`,
      zh: `相同的标签只算一次，否则两份会平分同一个概率：省去 ${doubles} 个。`,
    });
  }
  if (different.length > labels.length) {
    notes.push({
      en: `At most ${MOST_LABELS} labels are compared: ${different.length - labels.length} left out.`,
      zh: `最多比较 ${MOST_LABELS} 个标签：省去 ${different.length - labels.length} 个。`,
    });
  }
  return { labels, notes };
}

/** Labels before the reader has written any. */
export const FIRST_LABELS: Readonly<Record<Lang, readonly string[]>> = {
  en: ['sunflower', 'rose', 'lemon', 'dog', 'car', 'church'],
  zh: ['向日葵', '玫瑰', '柠檬', '狗', '汽车', '教堂'],
};
