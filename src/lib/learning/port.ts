import type { FromTraining, ToTraining } from './messages.ts';

/** A training in a worker of its own. */
export interface TrainingPort<S, L> {
  post(message: ToTraining<S, L>): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/** Starts a worker that trains. The second listener is called if its script did not come, or threw. */
export type StartTraining<S, L, T> = (
  onmessage: (message: FromTraining<T>) => void,
  onfail: (reason: string) => void,
) => TrainingPort<S, L>;

/**
 * The page's end of a worker that trains.
 * @param worker one whose script calls `serveTraining`
 * @param onfail its script did not come, or threw
 */
export function trainingPort<S, L, T>(
  worker: Worker,
  onmessage: (message: FromTraining<T>) => void,
  onfail: (reason: string) => void,
): TrainingPort<S, L> {
  worker.onmessage = ({ data }: MessageEvent<FromTraining<T>>) => onmessage(data);
  worker.onerror = (event) => onfail(event.message);
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    },
  };
}
