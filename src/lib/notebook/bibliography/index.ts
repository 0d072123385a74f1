import type { Reference } from './reference.ts';
import { codes } from './codes.ts';
import { detection } from './detection.ts';
import { diffusion } from './diffusion.ts';
import { vision } from './vision.ts';

/** Every work that a lesson cites, once, under the key that lessons and prose name. */
const works = { ...vision, ...detection, ...diffusion, ...codes };

/** The key of a work: first author and year, and a word more where that is not one work. */
export type ReferenceKey = keyof typeof works;

export const bibliography: Readonly<Record<string, Reference>> = works;
