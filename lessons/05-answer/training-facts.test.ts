import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { trainingFacts, type Metrics } from './training-facts.ts';

const card = readFileSync('models/vit-flexi/card.md', 'utf8');
const metrics = JSON.parse(readFileSync('models/vit-flexi/metrics.json', 'utf8')) as Metrics;

it('has the measured accuracy of the committed model', () => {
  const facts = trainingFacts(metrics, 16)!;
  expect(facts.top1).toBe(metrics.patch?.['16']?.top1);
  expect(facts.held).toBe(metrics.patch?.['16']?.photos);
  expect(trainingFacts(metrics, 17)).toBeUndefined();
  expect(trainingFacts(undefined, 16)).toBeUndefined();
  expect(trainingFacts({ patch: metrics.patch! }, 16)?.photos).toBeUndefined();
});

it('counts the photos and the pictures seen as the card does', () => {
  const { photos, seen } = trainingFacts(metrics, 16)!;
  expect(photos).toBeGreaterThan(1000);
  expect(card).toContain(`: ${photos!.toLocaleString('en')} photos of`);
  expect(card).toContain(`| images seen | ${seen!.toLocaleString('en')}`);
});
