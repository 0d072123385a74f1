import { SvelteMap } from 'svelte/reactivity';
import type { ModelConfig } from '#lib/models/model-config.ts';
import type { Corrected, Value } from './corrected.ts';

/** A model of the reader's that this page has opened. It lives as long as the page, unless it is kept. */
export interface OwnModel {
  /** As a model that pages run; its name is `own-…`, and `own` says where its weights are. */
  readonly config: ModelConfig;
  /** The files as they were chosen. */
  readonly files: readonly File[];
  /** What it is called: its file's name, or what the reader has called it. */
  readonly title: string;
  /** The file's name and its size in bytes. */
  readonly file: string;
  readonly bytes: number;
  /** What the reader has corrected of what the file was taken for. */
  readonly corrected: Corrected;
  /** The same as a link holds it. */
  readonly as: Readonly<Record<string, Value>>;
  /** Another whenever the same file is taken for something else. */
  readonly revision: number;
  /** Names of the classes as the reader gave them; empty where he gave none. */
  readonly names: readonly string[];
}

const opened = new SvelteMap<string, OwnModel>();

/** The models of the reader's that are open, by name. Reactive. */
export const OPENED: ReadonlyMap<string, OwnModel> = opened;

/** Makes a model known to the page, in place of one of the same file that was taken for something else. */
export function addOwn(model: OwnModel): void {
  opened.set(model.config.name, model);
}

/** Calls a model something else. */
export function renameOwn(name: string, title: string): void {
  const model = opened.get(name);
  if (model) opened.set(name, { ...model, title });
}

/** Files to open as a model, and what is known of them; `{}` asks for files. */
export interface ToOpen {
  readonly files?: readonly File[];
  readonly before?: Pick<OwnModel, 'corrected' | 'names' | 'title'> | undefined;
}
