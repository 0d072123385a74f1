import { describe, expect, it } from 'vitest';
import { LANGS } from '#lib/base/lang.ts';
import { findLesson } from '#lib/notebook/catalogue.ts';
import { graphOf, inputWith, withVariant } from '#lib/models/registry.ts';
import { IMPLIED } from './frame.ts';
import { layoutOf, placeOf } from './layout.ts';
import { DRAWN, walkOf } from './walks.ts';

describe.each(DRAWN.map((s) => [s.name, s] as const))(
  'what is said of the whole %s',
  async (name, source) => {
    const walk = (await walkOf(name))!;
    const { config } = source.blueprint;
    const drawing = layoutOf(graphOf(source.blueprint), {
      aspect: 1.5,
      picture: inputWith(source.blueprint, 'picture', 'state')?.name,
    });
    const stops = walk.stops(config);

    it('has eight to twelve stops, each in both languages and two sentences long', () => {
      expect(stops.length).toBeGreaterThanOrEqual(8);
      expect(stops.length).toBeLessThanOrEqual(12);
      expect(new Set(stops.map((s) => s.id)).size).toBe(stops.length);
      for (const { id, says, title } of stops) {
        for (const lang of LANGS) expect(title[lang].length, id).toBeGreaterThan(1);
        expect(says.en.split(/[.] /).length, `${id}: ${says.en}`).toBe(2);
        expect(says.zh.match(/。/g)?.length, `${id}: ${says.zh}`).toBe(2);
      }
    });

    it('shows only what stands in the drawing', () => {
      for (const { id, shows } of stops)
        for (const part of shows)
          if (part !== IMPLIED) expect(placeOf(drawing, [part]), `${id}: ${part}`).toBeDefined();
    });

    it('leads from every tensor and weight to a step of a lesson that there is', async () => {
      for (const { name: tensor } of drawing.plates) {
        const place = walk.explained(tensor);
        expect(place, tensor).toBeDefined();
        const lesson = await findLesson(place!.lesson);
        expect(
          lesson?.steps.map((s) => s.id),
          `${tensor} → ${place!.lesson}`,
        ).toContain(place!.step);
      }
    });

    it('says its numbers of the configuration at hand', () => {
      for (const patch of source.patchSizes) {
        const of = withVariant(source.blueprint, { patch });
        const [count] = [graphOf(of).value('patches').shape[1]];
        expect(walk.stops(of.config).some((s) => s.says.en.includes(`${count} patches`))).toBe(true);
      }
    });
  },
);
