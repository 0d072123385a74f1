import type { Task } from './motions.ts';
import { MODELS } from './model.ts';
import type { Net } from './state.ts';

/** What is done to clips of held-out signs, or to the network: as `measure_clips` of training/tasks/clips.py names it. */
export type Way = 'ordered' | 'shuffled' | 'frozen' | 'reversed' | 'half' | 'timeless';
/** Shares of clips that are named rightly among the classes of their task, by task, and the mean of the tasks. */
type Accuracies = Readonly<Record<Task | 'mean', number>>;
/** `heldOut` of a metrics.json. */
type HeldOut = { readonly clips: number } & Readonly<Partial<Record<Way, Accuracies>>>;

const stored = import.meta.glob<{ readonly heldOut?: HeldOut }>(
  '/models/vivit-{joint,encoder}/metrics.json',
  {
    eager: true,
    import: 'default',
  },
);

const fileOf = (net: Net) => `models/${MODELS[net]}/metrics.json`;

/** How many held-out clips a network was measured on. */
export const clipsOf = (net: Net): number | undefined => stored[`/${fileOf(net)}`]?.heldOut?.clips;
/** A measured accuracy, 0 … 1; undefined where it was not measured. */
export const measured = (net: Net, way: Way, task: Task | 'mean'): number | undefined =>
  stored[`/${fileOf(net)}`]?.heldOut?.[way]?.[task];
/** What `data-from` says of them. */
export const citeOf = (net: Net): string => `cite:${fileOf(net)}`;
