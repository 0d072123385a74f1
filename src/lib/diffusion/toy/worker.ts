/** The worker that trains the network of the plane, so that the page stays free. It only joins the parts. */
import type { FromTraining, ToTraining } from './messages.ts';
import { TrainingWork } from './work.ts';

const scope = globalThis as unknown as {
  postMessage(message: FromTraining): void;
  onmessage: ((event: { data: ToTraining }) => void) | null;
};
const work = new TrainingWork((message) => scope.postMessage(message));
scope.onmessage = ({ data }) => work.hear(data);
