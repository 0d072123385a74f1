import {
  PaintingSession,
  type Painters,
  type PaintingOptions,
} from '#lib/diffusion/session/painting-session.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';

/** A run of the program from words to a picture: spec in, painted steps out. */
export type PaintRun = PaintingSession;
/** Models that paint, by the names that the program has for its parts. */
export type PaintParts = Painters;

/** A run of its own on the same weights. */
export const paintRun = (engine: Engine, parts: PaintParts, options?: PaintingOptions): PaintRun =>
  new PaintingSession(engine, parts, options);
