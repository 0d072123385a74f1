/** What a model's metrics.json says of its training. */
interface Trained {
  readonly run?: { readonly steps?: number };
  readonly heldOut?: { readonly loss?: number };
}
const metrics = import.meta.glob<Trained>('/models/uvit-*/metrics.json', { eager: true, import: 'default' });
/** Training steps and the loss on pictures it was not trained on; undefined where it was not measured. */
export function heldOut(name: string): { readonly steps: number; readonly loss: number } | undefined {
  const found = metrics[`/models/${name}/metrics.json`];
  const [steps, loss] = [found?.run?.steps, found?.heldOut?.loss];
  return steps === undefined || loss === undefined ? undefined : { steps, loss };
}
