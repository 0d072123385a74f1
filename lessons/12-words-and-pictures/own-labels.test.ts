import { describe, expect, it } from 'vitest';
import { MOST_CHARACTERS, MOST_LABELS, readLabels } from './own-labels.ts';

describe('what the reader types', () => {
  it('is one label a line, of any script, trimmed', () => {
    expect(readLabels('  a dog \r\n\n狗\n a  small   cat')).toEqual({
      labels: ['a dog', '狗', 'a small cat'],
      notes: [],
    });
  });
  it.each(['', '  \n \t\n'])('may be empty, and gets a sentence: %j', (typed) => {
    const { labels, notes } = readLabels(typed);
    expect(labels).toEqual([]);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.en).toContain('empty');
  });
  it('counts doubles once, whatever their case', () => {
    const { labels, notes } = readLabels('dog\nDog\ncat\ndog');
    expect(labels).toEqual(['dog', 'cat']);
    expect(notes.map(({ en }) => en)).toEqual([expect.stringContaining('2 left out')]);
  });
  it('is cut at so many characters, no character in two, and says so', () => {
    const { labels, notes } = readLabels(`${'🐐'.repeat(MOST_CHARACTERS + 5)}\ncat`);
    expect(labels[0]).toBe('🐐'.repeat(MOST_CHARACTERS));
    expect(notes.map(({ en }) => en)).toEqual([expect.stringContaining('1 shortened')]);
  });
  it('holds so many labels and no more', () => {
    const typed = Array.from({ length: MOST_LABELS + 3 }, (_, i) => `label ${i}`).join('\n');
    const { labels, notes } = readLabels(typed);
    expect(labels).toHaveLength(MOST_LABELS);
    expect(notes.map(({ en }) => en)).toEqual([expect.stringContaining('3 left out')]);
  });
  it('says of a single label why it has everything', () => {
    expect(readLabels('dog').notes[0]?.en).toContain('100 %');
  });
  it('says the same in both languages', () => {
    for (const typed of ['', 'a', 'a\na', 'x'.repeat(200)])
      for (const { en, zh } of readLabels(typed).notes) expect(zh.match(/\d+/g)).toEqual(en.match(/\d+/g));
  });
});
