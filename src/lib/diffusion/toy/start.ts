import type { FromTraining, ToTraining } from './messages.ts';

/** A training in a worker of its own. */
export interface TrainingPort {
  post(message: ToTraining): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/**
 * Starts a worker that trains.
 * @param onfail its script did not come, or threw
 */
export function startTraining(
  onmessage: (message: FromTraining) => void,
  onfail: (reason: string) => void,
): TrainingPort {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'patchwork-training',
  });
  worker.onmessage = ({ data }: MessageEvent<FromTraining>) => onmessage(data);
  worker.onerror = (event) => onfail(event.message);
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    },
  };
}
