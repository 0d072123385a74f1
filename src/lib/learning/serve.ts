import type { FromTraining, ToTraining } from './messages.ts';
import { TrainingWork, type Trained, type Training } from './work.ts';

/** The worker's end: trains what it is told to, so that the page stays free. */
export function serveTraining<S, L, T, W extends Training>(trained: Trained<S, L, T, W>): void {
  const scope = globalThis as unknown as {
    postMessage(message: FromTraining<T>): void;
    onmessage: ((event: { data: ToTraining<S, L> }) => void) | null;
  };
  const work = new TrainingWork(trained, (message) => scope.postMessage(message));
  scope.onmessage = ({ data }) => work.hear(data);
}
