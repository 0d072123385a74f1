/** The worker that trains the small encoder. It only joins the parts. */
import { serveTraining } from '#lib/learning/serve.ts';
import { COLLAPSE } from './collapse-training.ts';

serveTraining(COLLAPSE);
