import type { Component, Snippet } from 'svelte';
import type { Need } from './fits.ts';
import type { OwnRun } from './own-run.svelte.ts';

/** A lesson's stage for a network of the reader's; `onrefine` opens what the network was taken for, `onleave` takes it away. */
type OwnStage = Component<{ run: OwnRun; onrefine: () => void; onleave: () => void }>;

/** A lesson's stage for a network of the reader's, and what it needs of one. */
export interface OwnLesson {
  readonly needs: readonly Need[];
  readonly stage: () => Promise<{ readonly default: OwnStage }>;
}

/** A network of the reader's in a lesson's place: all of it was fetched when it was asked for. */
export interface Shown {
  readonly run: OwnRun;
  readonly Scope: Component<{ run: OwnRun; children: Snippet }>;
  readonly Stage: OwnStage;
  /** Opens what the network was taken for, to be corrected. */
  readonly refine: () => void;
}
