import type { SampleStep } from '#lib/diffusion/sampler/loop.ts';
import type { Resume, SampleSpec, TextContext } from '#lib/diffusion/sampler/spec.ts';
import type { ProgramCall } from '../program.ts';

/** The texts that pictures are told, from a step on. */
export interface Words {
  /** They hold for the steps after this one; 0: from the first. */
  readonly after: number;
  /** A row of token ids for each picture, as the text model's tokenizer makes them. */
  readonly texts: readonly (readonly number[])[];
  /** Other texts to go towards: picture k is told what lies the part `share[k]`, 0 … 1, of the way from one to the other. */
  readonly toward?: { readonly texts: Words['texts']; readonly share: readonly number[] };
}

/** What pictures are wanted of which words. */
export interface WordsToPicture extends Omit<SampleSpec, 'context'> {
  /** In the order of their steps; the first holds from step 0. */
  readonly words: readonly Words[];
  /** The empty text's row of ids. */
  readonly empty: readonly number[];
  /** What is decoded after each step: the estimate x̂0 (default), the state itself, or both. */
  readonly decode?: readonly ('x0' | 'x')[];
}

/** A sampling step in latents with the pictures it stands for. */
export interface PaintedStep extends SampleStep {
  /** Decoded, `[n, 3, S, S]` flat, nearly all in −1 … 1. */
  readonly pictures: { readonly x0?: Float32Array; readonly x?: Float32Array };
  /** What the network was told in this step. */
  readonly context: TextContext;
  /** The decoder's passes, milliseconds. */
  readonly decodeMs: number;
}

/** The program as a page calls it: its passes and its loop stay with the worker. */
export const WORDS_TO_PICTURE: ProgramCall<PaintedStep> = {
  id: 'words-to-picture',
  resume: ({ step, x, x0, drawn }): Resume => ({ step, x, x0, drawn }),
};
