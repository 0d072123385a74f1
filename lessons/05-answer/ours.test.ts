import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { oursOf, photosOf, seenOf, type Metrics } from './ours.ts';

const card = readFileSync('models/vit-flexi/card.md', 'utf8');
const metrics = JSON.parse(readFileSync('models/vit-flexi/metrics.json', 'utf8')) as Metrics;

it('reads the number of training photos from the card', () => {
  const photos = photosOf(card);
  expect(photos).toBeGreaterThan(1000);
  expect(card).toContain(`${photos!.toLocaleString('en')} photos`);
  expect(photosOf('| data | two photos |')).toBeUndefined();
  expect(photosOf('no table, 12 photos')).toBeUndefined();
});

it('has the measured accuracy of the committed model', () => {
  const ours = oursOf(metrics, card, 16)!;
  expect(ours.top1).toBe(metrics.patch?.['16']?.top1);
  expect(ours.held).toBe(metrics.patch?.['16']?.photos);
  expect(oursOf(metrics, card, 17)).toBeUndefined();
  expect(oursOf(undefined, card, 16)).toBeUndefined();
  expect(oursOf(metrics, undefined, 16)?.photos).toBeUndefined();
});

it('counts the pictures of every round of training, as the card does', () => {
  const seen = seenOf(card);
  if (seen !== undefined) expect(card).toContain(`| images seen | ${seen.toLocaleString('en')}`);
  expect(seenOf('| images seen | 185,312 in 5,791 steps |')).toBe(185_312);
  expect(seenOf('| seen | 12 |')).toBeUndefined();
  expect(oursOf(metrics, card, 16)!.seen).toBe(seen);
});
