import { describe, expect, it, vi } from 'vitest';
import { loadGallery } from '#lib/pictures/gallery.ts';
import pictures from '../../../../static/pictures/pictures.json' with { type: 'json' };
import { creditOf, settingsLine } from './figure-caption.ts';

vi.mock('$app/paths', () => ({ asset: (path: string) => path, resolve: (path: string) => path }));

describe('what stands under a figure', () => {
  it('names view and settings in the language of the page', () => {
    const view = { en: 'Compare', zh: '比较' };
    expect(settingsLine(view, [{ label: 'Patch size', value: '16 px' }], 'en')).toBe(
      'View: Compare; Patch size: 16 px',
    );
    expect(settingsLine(view, [{ label: '层', value: '9 / 11' }], 'zh')).toBe('视图：比较；层：9 / 11');
    expect(settingsLine(undefined, [], 'en')).toBe('');
  });

  it('credits every picture of the gallery with author, licence and source', async () => {
    await loadGallery(() => Promise.resolve(Response.json(pictures)), 'pictures.json');
    expect(pictures.length).toBeGreaterThan(20);
    for (const { id, author, licence, source } of pictures)
      for (const lang of ['en', 'zh'] as const)
        for (const part of [author, licence, source]) expect(creditOf(id, lang)).toContain(part);
  });

  it('says of the reader’s own picture that nobody else has it, and nothing of one that is not there', () => {
    expect(creditOf('own', 'en')).toContain('has not left their browser');
    expect(creditOf('no-such-picture', 'zh')).toBeUndefined();
  });
});
