import { HALVES, IMAGENET, OPENAI_PICTURES } from '#lib/models/shared/preprocessing.ts';
import type { Preprocessing } from '#lib/models/registry.ts';

/** The preparations that most published networks have, to choose from. */
export const PRESETS: readonly Preprocessing[] = [HALVES, IMAGENET, OPENAI_PICTURES];
