/**
 * What a page and a worker that trains say to each other. `S` is what is trained and on what, `L` what is wanted of the
 * network between two steps, `T` what is then said.
 */
export type ToTraining<S, L> =
  | { readonly type: 'begin'; readonly spec: S; readonly look: L }
  | { readonly type: 'run' | 'pause' }
  | { readonly type: 'look'; readonly look: L };

export type FromTraining<T> =
  | {
      readonly type: 'progress';
      readonly step: number;
      /** Mean loss of the steps since the last word. */
      readonly loss: number;
      /** Milliseconds of training so far. */
      readonly ms: number;
    }
  | { readonly type: 'looked'; readonly looked: T }
  /** All steps are made. */
  | { readonly type: 'done' };
