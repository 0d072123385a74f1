import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { StateOf } from '#lib/state/schema.ts';
import type { OrderName } from './names.ts';
import type { CodesFields } from './state.ts';

/** What a network that chooses codes is fed, so that its tensors can be looked at; of two it is the first that is shown. */
export interface Fed {
  readonly inputs: InputValues;
  readonly interventions?: InputValues;
}

/** What writing a picture needs of the view model. */
export interface WritingRoom {
  readonly engine: Engine;
  readonly state: StateOf<CodesFields>;
  readonly text: LiveModel;
  readonly choosers: Readonly<Record<OrderName, LiveModel>>;
  readonly tokens: TextTokens;
  tokenizer(order: OrderName): LiveModel;
  /** What the tensors of the chooser on show are of. */
  asked: Fed | undefined;
}
